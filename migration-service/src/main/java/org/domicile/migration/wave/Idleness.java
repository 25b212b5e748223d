package org.domicile.migration.wave;

import java.time.Duration;
import java.time.Instant;

/** For how long nothing has been to do. */
final class Idleness {
    private final Duration limit;
    private Instant since;

    /** @param start from when on nothing is known to be under way */
    Idleness(Duration limit, Instant start) {
        this.limit = limit;
        this.since = start;
    }

    /** @return whether it is time to end */
    boolean isOver(boolean busy, Instant now) {
        if (busy) {
            since = now;
        }
        return !now.isBefore(since.plus(limit));
    }
}
