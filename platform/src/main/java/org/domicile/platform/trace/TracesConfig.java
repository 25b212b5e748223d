package org.domicile.platform.trace;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Traces. */
@ConfigMapping(prefix = "domicile.traces")
public interface TracesConfig {
    /** Where spans are sent, by OTLP over HTTP with protobuf, such as {@code https://collector:4318}; without it there are none. */
    Optional<URI> endpoint();

    /** Which part of the requests of clients is traced, 0 to 1. Moves always are. */
    @WithDefault("1")
    double ratio();
}
