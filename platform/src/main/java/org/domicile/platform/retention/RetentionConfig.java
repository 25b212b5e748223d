package org.domicile.platform.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The purges of classes of data. */
@ConfigMapping(prefix = "domicile.retention")
public interface RetentionConfig {
    /** How often what is due is purged and what is left is measured. */
    @WithDefault("60s")
    Duration every();
}
