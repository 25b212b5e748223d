package org.domicile.account.registration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** One-time codes. */
@ConfigMapping(prefix = "domicile.codes")
public interface CodesConfig {
    /** Where codes are left, one file per identifier, its name URL-encoded: for the local stack and tests. */
    Path directory();

    /** How long a code is good. */
    @WithDefault("10m")
    Duration validity();

    /** Wrong codes before a registration is closed. */
    @WithDefault("5")
    int attempts();

    /** Codes that one identifier is sent within an hour. */
    @WithDefault("5")
    int perHour();

    /** How long a finished registration answers a repeated confirmation, and an unfinished one is kept. */
    @WithDefault("1h")
    Duration retention();
}
