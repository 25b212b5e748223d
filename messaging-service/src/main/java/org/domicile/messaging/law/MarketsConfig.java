package org.domicile.messaging.law;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** The law of the markets. */
@ConfigMapping(prefix = "domicile.markets")
public interface MarketsConfig {
    /** Policy per market (YAML, as the packaged {@code markets.yaml}); without it the packaged one holds. */
    Optional<Path> file();
}
