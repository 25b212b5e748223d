package org.domicile.migration.wave;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where an account of a wave stands.
 *
 * <pre>
 *   WAITING ⇄ MOVING → MOVED → ROLLING_BACK → ROLLED_BACK
 *      │ ↑       ├───→ FAILED       ├───────→ STAYED
 *      │ └─── REFUSED  (1)          └───────→ ROLLBACK_FAILED  (2)
 *      └─────────┴───→ SKIPPED
 * </pre>
 *
 * A move that its coordinator gave up waits for another attempt. Resume tries again: (1) waits anew, (2) counts as MOVED anew.
 */
public enum MemberState {
    WAITING,
    /** Its move has begun and is not settled here. */
    MOVING,
    /** The target has taken the baton. */
    MOVED,
    /** Its move was aborted by order or too often, or quarantined, and both regions have confirmed that. */
    FAILED,
    /** The law did not allow it when its turn came. */
    REFUSED,
    /** Nothing to do for this wave: it had left, is being erased, another move was under way, or the wave was rolled back first. */
    SKIPPED,
    /** Its new home has been asked to hand it back. */
    ROLLING_BACK,
    /** It is home again. */
    ROLLED_BACK,
    /** It cannot go back: its old home's copy is being purged, or is gone, or the account is being erased. */
    STAYED,
    /** Its rollback was aborted or quarantined, or a legal hold forbids it: it soaks at the new home. */
    ROLLBACK_FAILED;

    public Set<MemberState> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(MOVING, REFUSED, SKIPPED);
            case MOVING -> EnumSet.of(MOVED, FAILED, WAITING, SKIPPED);
            case REFUSED -> EnumSet.of(WAITING);
            case MOVED -> EnumSet.of(ROLLING_BACK);
            case ROLLING_BACK -> EnumSet.of(ROLLED_BACK, STAYED, ROLLBACK_FAILED);
            case ROLLBACK_FAILED -> EnumSet.of(MOVED);
            case FAILED, SKIPPED, ROLLED_BACK, STAYED -> EnumSet.noneOf(MemberState.class);
        };
    }
}
