package org.domicile.migration.law;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** The law of the markets. */
@ConfigMapping(prefix = "domicile.markets")
public interface MarketsConfig {
    /** Policy per market (YAML); the packaged one if not set. Its transfer bases are examples: production sets its own. */
    Optional<Path> file();
}
