package org.domicile.messaging.device;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How long nothing has come from the other end of a connection: for {@code idle}, and it is pinged; for twice as long, and it is gone. */
final class Silence {
    private final Duration idle;
    private final Clock clock;
    private volatile Instant heard;

    Silence(Duration idle, Clock clock) {
        this.idle = idle;
        this.clock = clock;
        this.heard = clock.instant();
    }

    void heard() {
        heard = clock.instant();
    }

    /** Whether the other end is to be asked for a sign of life. */
    boolean isLong() {
        return lasts(idle);
    }

    boolean isTooLong() {
        return lasts(idle.multipliedBy(2));
    }

    private boolean lasts(Duration time) {
        return Duration.between(heard, clock.instant()).compareTo(time) > 0;
    }
}
