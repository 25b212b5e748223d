package org.domicile.account.activity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * How far the erasure of an account that is not used has come.
 *
 * <pre>
 *   used --period less 60 days--> notice 1 --30 days left--> notice 2 --7--> notice 3 --1--> notice 4 --> erasure requested
 *    ↑___________________________________ the owner or a device is here again ______________________________________|
 * </pre>
 *
 * Every notice leaves its owner the time that it says, counted from when it was sent: one that goes out late puts the erasure off, and
 * while one cannot be sent nothing follows.
 *
 * @param at when the owner was last here
 * @param notices how many were given since
 * @param eraseAt null before the first notice
 * @param erasureId of the erasure that was requested because of this; null before
 * @param unsent whether the last notice has not been sent yet
 */
record Inactivity(Instant at, int notices, Instant eraseAt, UUID erasureId, boolean unsent) {
    /** What is to do. */
    sealed interface Step {
        record Nothing() implements Step {}

        /** @param after with the notice counted; its {@code eraseAt} is the date to tell */
        record Notify(Inactivity after) implements Step {}

        record Erase() implements Step {}
    }

    static Inactivity since(Instant at) {
        return new Inactivity(at, 0, null, null, false);
    }

    /**
     * @param period after which an account that is not used is erased
     * @param leads how long before that each notice is given, longest first
     */
    Step next(Duration period, List<Duration> leads, Instant now) {
        if (erasureId != null || unsent) {
            return new Step.Nothing();
        }
        var end = end(period);
        if (notices == leads.size()) {
            return now.isBefore(end) ? new Step.Nothing() : new Step.Erase();
        }
        var lead = leads.get(notices);
        if (now.isBefore(end.minus(lead))) {
            return new Step.Nothing();
        }
        return new Step.Notify(new Inactivity(at, notices + 1, now.plus(lead), null, true));
    }

    /** When it is erased unless somebody comes. */
    Instant end(Duration period) {
        return eraseAt == null ? at.plus(period) : eraseAt;
    }

    Inactivity erasedBy(UUID erasure) {
        return new Inactivity(at, notices, eraseAt, erasure, unsent);
    }
}
