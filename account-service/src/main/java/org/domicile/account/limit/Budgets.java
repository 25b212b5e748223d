package org.domicile.account.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** So many an hour of each key. In memory only; a key is forgotten when too many others came since. */
final class Budgets {
    private static final int REMEMBERED = 50_000;

    private final int perHour;
    private final String whose;
    private final TimeMeter time;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param whose for the refusal's sentence */
    Budgets(int perHour, String whose, Clock clock) {
        this.perHour = perHour;
        this.whose = whose;
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return TimeUnit.MILLISECONDS.toNanos(clock.millis());
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    /** @throws ProblemException TOO_MANY_REQUESTS (429), with when to come again */
    void take(String key) {
        var probe = bucket(key).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            var seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
            throw new ProblemException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "Too many requests from this " + whose + ": try again in " + seconds + " seconds.",
                    Map.of("retryAfter", seconds));
        }
    }

    private Bucket bucket(String key) {
        synchronized (buckets) {
            return buckets.computeIfAbsent(key, k -> Bucket.builder()
                    .withCustomTimePrecision(time)
                    .addLimit(l -> l.capacity(perHour).refillIntervally(perHour, Duration.ofHours(1)))
                    .build());
        }
    }
}
