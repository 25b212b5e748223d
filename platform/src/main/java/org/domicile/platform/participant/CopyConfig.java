package org.domicile.platform.participant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How an account is copied. */
@ConfigMapping(prefix = "domicile.copy")
public interface CopyConfig {
    /**
     * The longest that an old home, which is fed while the account soaks, goes without asking what was written. Whoever orders a rollback
     * or the purge has it ask at once, so this bounds nothing but how much is copied then.
     */
    @WithDefault("15m")
    Duration rarestLook();
}
