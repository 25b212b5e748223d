package org.domicile.platform.fence;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;

/**
 * How fast one participant may copy one account. The fence is never paced: writes wait there.
 *
 * @param recordsPerSecond null = not limited
 * @param bytesPerSecond of objects; null = not limited
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record Pace(Long recordsPerSecond, Long bytesPerSecond) {
    private static final double NANOS = 1_000_000_000;

    /** The least time that so much may take. */
    public Duration least(long records, long bytes) {
        var seconds = Math.max(share(records, recordsPerSecond), share(bytes, bytesPerSecond));
        return Duration.ofNanos((long) (seconds * NANOS));
    }

    private static double share(long amount, Long perSecond) {
        return perSecond == null ? 0 : (double) amount / perSecond;
    }
}
