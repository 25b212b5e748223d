package org.domicile.platform.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, never for a time. */
public final class Wait {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Wait() {}

    /** @throws AssertionError if the condition does not come true within a minute */
    public static void until(String what, BooleanSupplier condition) {
        var end = Instant.now().plus(LONGEST);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("did not happen: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
