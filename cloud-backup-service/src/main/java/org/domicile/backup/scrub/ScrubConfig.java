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

    /** Within which everything is read once. */
    @WithDefault("30d")
    Duration whole();

    /** Blobs in a sample at least, and files: those that were read longest ago. */
    @WithDefault("100")
    int sample();

    /** A blob that was read within this time is not read again. */
    @WithDefault("7d")
    Duration again();

    /** Of so many rows, how many to read at a time, so that all are read within {@link #whole}. */
    default long sampleOf(long rows) {
        var share = Math.min(1, (double) every().toMillis() / whole().toMillis());
        return Math.max(sample(), (long) Math.ceil(rows * share));
    }
}
