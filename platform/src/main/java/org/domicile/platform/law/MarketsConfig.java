package org.domicile.platform.law;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The law of the markets. */
@ConfigMapping(prefix = "domicile.markets")
public interface MarketsConfig {
    /**
     * Policy per market (YAML, as the packaged {@code markets.yaml}); without it the packaged one holds. Its transfer bases are
     * examples: production sets its own.
     */
    Optional<Path> file();

    /** Within which an export must be ready where the law sets no number. */
    @WithDefault("30d")
    Duration accessDeadline();

    /** Within which an erasure must be complete where the law sets no number. */
    @WithDefault("30d")
    Duration erasureDeadline();
}
