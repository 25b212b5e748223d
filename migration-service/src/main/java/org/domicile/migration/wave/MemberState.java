package org.domicile.migration.wave;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where an account of a wave stands.
 *
 * <pre>
 *   WAITING → MOVING → MOVED
 *      │ ↑       └───→ FAILED
 *      │ └─── REFUSED  (resume tries again)
 *      └───→ SKIPPED
 * </pre>
 */
public enum MemberState {
    WAITING,
    /** Its move has begun and is not settled here. */
    MOVING,
    /** The target has taken the baton. */
    MOVED,
    /** Its move was aborted or quarantined, and both regions have confirmed that. */
    FAILED,
    /** The law did not allow it when its turn came. */
    REFUSED,
    /** There was nothing to do for this wave: it had left, or another move of it was under way. */
    SKIPPED;

    public Set<MemberState> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(MOVING, REFUSED, SKIPPED);
            case MOVING -> EnumSet.of(MOVED, FAILED);
            case REFUSED -> EnumSet.of(WAITING);
            case MOVED, FAILED, SKIPPED -> EnumSet.noneOf(MemberState.class);
        };
    }
}
