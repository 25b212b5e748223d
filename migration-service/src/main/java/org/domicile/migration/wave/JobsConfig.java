package org.domicile.migration.wave;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** How the orders of {@code migration.jobs} are taken. */
@ConfigMapping(prefix = "domicile.migration.jobs")
public interface JobsConfig {
    /** A process that is started only while orders wait ends when no wave has been under way for this long; without it, it stays. */
    Optional<Duration> untilIdle();
}
