package org.domicile.platform.peer;

import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Who calls on the peer listener, by the common name of its client certificate: {@code <region>.<service>}. */
public record PeerIdentity(String region, String service) {
    /** @throws ProblemException FORBIDDEN if the certificate does not name a region's service */
    public static PeerIdentity of(RoutingContext context) {
        try {
            var session = context.request().connection().sslSession();
            var certificate = (X509Certificate) session.getPeerCertificates()[0];
            var name = new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst()
                            .orElse("");
            var dot = name.lastIndexOf('.');
            if (dot > 0) {
                return new PeerIdentity(name.substring(0, dot), name.substring(dot + 1));
            }
        } catch (SSLPeerUnverifiedException | InvalidNameException e) {
            // answered below: without a certificate that names a service, nobody is let in
        }
        throw new ProblemException(ErrorCode.FORBIDDEN, "Present the client certificate of a region's service.");
    }
}
