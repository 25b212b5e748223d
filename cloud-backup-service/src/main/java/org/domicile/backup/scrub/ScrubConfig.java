package org.domicile.backup.scrub;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How what is stored is read again to see that it is still good. */
@ConfigMapping(prefix = "domicile.backup.scrub")
public interface ScrubConfig {
    /** How often a sample is read. */
    @WithDefault("1h")
    Duration every();

    /** Blobs in a sample: those that were read longest ago. */
    @WithDefault("100")
    int sample();

    /** A blob that was read within this time is not read again. */
    @WithDefault("7d")
    Duration again();
}
