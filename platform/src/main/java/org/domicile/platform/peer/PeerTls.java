package org.domicile.platform.peer;

import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;

/** The two halves of mutual TLS, from the configured files. */
final class PeerTls {
    static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

    private PeerTls() {}

    static PemKeyCertOptions identity(PeerConfig config) {
        return new PemKeyCertOptions()
                .setCertPath(config.certificate().toString())
                .setKeyPath(config.key().toString());
    }

    static PemTrustOptions trust(PeerConfig config) {
        return new PemTrustOptions().addCertPath(config.ca().toString());
    }
}
