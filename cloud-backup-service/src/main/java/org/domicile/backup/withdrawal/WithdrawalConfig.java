package org.domicile.backup.withdrawal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** How long a backup is kept after its owner switched it off: {@code grace_days.backup_after_withdrawal} of the markets' policy. */
@ConfigMapping(prefix = "domicile.backup.grace")
public interface WithdrawalConfig {
    /** For every market without a grace of its own, and for accounts whose market is not known here. */
    @WithDefault("30d")
    Duration standard();

    /** Markets that lower it, by id. */
    Map<String, Duration> market();
}
