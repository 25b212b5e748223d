package org.domicile.platform.peer;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The listener's certificate and key, which may be renewed between two handshakes. (Vert.x would fail the handshakes that begin while it
 * takes new options for a listener.) An alias says of which of the two renewals it is, so that one handshake sees one of them.
 */
final class RenewedKeys extends X509ExtendedKeyManager {
    private static final String SEPARATOR = "/";

    private final AtomicLong renewals = new AtomicLong();
    private volatile Keys used;
    private volatile Keys before;

    private record Keys(String name, X509ExtendedKeyManager manager) {
        String alias(String of) {
            return of == null ? null : name + SEPARATOR + of;
        }

        String own(String alias) {
            return alias.substring(name.length() + SEPARATOR.length());
        }
    }

    RenewedKeys(X509ExtendedKeyManager first) {
        use(first);
    }

    void use(X509ExtendedKeyManager renewed) {
        before = used;
        used = new Keys(Long.toString(renewals.incrementAndGet()), renewed);
    }

    private Keys of(String alias) {
        var now = used;
        return alias.startsWith(now.name() + SEPARATOR) ? now : before;
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        var now = used;
        return now.alias(now.manager().chooseEngineServerAlias(type, issuers, engine));
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        var now = used;
        return now.alias(now.manager().chooseServerAlias(type, issuers, socket));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        var keys = of(alias);
        return keys.manager().getCertificateChain(keys.own(alias));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        var keys = of(alias);
        return keys.manager().getPrivateKey(keys.own(alias));
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return null;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return null;
    }
}
