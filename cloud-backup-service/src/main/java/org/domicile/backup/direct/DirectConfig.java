package org.domicile.backup.direct;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Transfer between a device and the store itself. */
@ConfigMapping(prefix = "domicile.backup.direct")
public interface DirectConfig {
    /** Off, every transfer streams through the service. */
    @WithDefault("true")
    boolean enabled();

    /** How long a URL can be used; at most a minute, so that it cannot outlive a withdrawn consent for long. */
    @WithDefault("60s")
    Duration lifetime();

    /** The store's address as devices reach it, where that is not the one that the service uses. */
    Optional<URI> endpoint();
}
