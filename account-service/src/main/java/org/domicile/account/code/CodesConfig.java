package org.domicile.account.code;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One-time codes. */
@ConfigMapping(prefix = "domicile.codes")
public interface CodesConfig {
    /** Where codes are left, one file per identifier, its name URL-encoded, if {@code domicile.sender.kind} is {@code file}. */
    Optional<Path> directory();

    /** How long a code is good. */
    @WithDefault("10m")
    Duration validity();

    /** How long a code that a guardian is sent is good, and a sign-up waits for it: nobody sits beside it. */
    @WithDefault("24h")
    Duration guardianValidity();

    /** Codes that are tried before what they confirm is closed. */
    @WithDefault("5")
    int attempts();

    /** Codes that one identifier is sent within an hour, and changes of identifiers that one account asks for. */
    @WithDefault("5")
    int perHour();

    /** How long what is finished answers a repeated confirmation, and what is not is kept and can be sent a new code for. */
    @WithDefault("1h")
    Duration retention();
}
