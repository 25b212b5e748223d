package org.domicile.platform.participant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a purge may promise. */
@ConfigMapping(prefix = "domicile.purge")
public interface PurgeConfig {
    /** When a null value on a compacted topic has done its work: {@code segment.ms} plus {@code max.compaction.lag.ms}. */
    @WithDefault("2h")
    Duration compaction();
}
