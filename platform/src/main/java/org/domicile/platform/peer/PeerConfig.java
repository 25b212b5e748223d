package org.domicile.platform.peer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The listener for other regions, and this service's identity towards them: mutual TLS, always. */
@ConfigMapping(prefix = "domicile.peer")
public interface PeerConfig {
    /** Address to listen on. */
    @WithDefault("127.0.0.1")
    String host();

    /** Port to listen on; 0 picks a free one. */
    int port();

    /** This service's certificate (PEM); its common name is {@code <region>.<service>}. */
    Path certificate();

    /** The certificate's private key (PEM, PKCS #8). */
    Path key();

    /** The authority that signs the certificates of all regions' services (PEM). */
    Path ca();

    /** How often certificate, key and authorities are looked at: renewed ones are used for new connections. */
    @WithDefault("60s")
    Duration reload();

    /**
     * Service of this region → base URL of its peer listener inside the region. Under the fence of a move migration-service and
     * the participants named here talk directly; the others, and all of them when it is empty, over Kafka alone.
     */
    Map<String, URI> near();
}
