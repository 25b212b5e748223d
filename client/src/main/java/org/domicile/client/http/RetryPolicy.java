package org.domicile.client.http;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how soon to try again what failed for a passing reason: the wait doubles each time, with jitter, and is never
 * shorter than the service asked for.
 *
 * @param attempts at most so many in all
 * @param first the first wait
 * @param longest no wait is longer, not even one that a service asks for
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    public static final RetryPolicy STANDARD = new RetryPolicy(8, Duration.ofMillis(250), Duration.ofSeconds(20));
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

    /**
     * @param failures how many attempts have failed so far, at least 1
     * @param asked what the service asked for, or null
     */
    Duration wait(int failures, Duration asked, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(failures - 1, 20);
        long jittered = doubled / 2 + random.nextLong(doubled / 2 + 1);
        long wanted = Math.max(jittered, asked == null ? 0 : asked.toMillis());
        return Duration.ofMillis(Math.min(wanted, longest.toMillis()));
    }
}
