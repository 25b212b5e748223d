package org.domicile.migration.move;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a move stands.
 *
 * <pre>
 *  PLANNED → PREFLIGHT → COPYING → CATCHING_UP → READY → FENCING → SEALED → VERIFIED → CUT_OVER → SOAK → CHECKING → PURGING → ATTESTED
 *                          ↑ └────────┬───────────┘                  │
 *                          └─────── PAUSED                           └→ QUARANTINED  (digests differ)
 *                                     └→ QUARANTINED  from COPYING, CATCHING_UP and PAUSED (the verifier finds another copy)
 *
 *  ABORTED: from every state before CUT_OVER.
 *
 *  SOAK ⇄ HELD           a legal hold: nothing is purged
 *  CHECKING → HELD       the new home lacks something that the old one kept: nothing is purged
 *  SOAK or CHECKING → ROLLING_BACK   while a rollback, a move of its own in the other direction, is under way
 *            ├→ SOAK         it was aborted
 *            └→ ROLLED_BACK  it cut over
 * </pre>
 *
 * CUT_OVER is the only commit point, PURGING the only point of no return. After an abort the account is not free for
 * another move before both regions have confirmed it ({@link Move#settled()}).
 *
 * <p>A rollback goes through the same states from PLANNED to ATTESTED; it has no preflight of space or law, because the old home
 * still has the account. Aborting it leads the move that it was to undo back into SOAK, with the old home's copy kept.
 *
 * <p>ERASING ends a move out of every state that is not over and not HELD, at the region that holds the baton: the account is being
 * erased.
 */
@RegisterForReflection
public enum MoveState {
    PLANNED,
    /** Every participant at the source must have confirmed that it owns the account. */
    PREFLIGHT,
    /** Shadows are ordered at the target; they copy while the account is live. */
    COPYING,
    /** Every shadow has reported progress. */
    CATCHING_UP,
    /** Every shadow is caught up. */
    READY,
    /** Writes stop at the source. */
    FENCING,
    /** Every participant at the source is frozen and has sealed its manifest; the target closes. */
    SEALED,
    /** The target holds what the source sealed. */
    VERIFIED,
    /** The source has committed "home is the target"; until the baton is accepted nobody is home. */
    CUT_OVER,
    /** The target is home in every service; the source keeps its copy as a shadow. */
    SOAK,
    /** Both copies are compared once more, before the old one goes. */
    CHECKING,
    /** The source deletes. */
    PURGING,
    /** The source has confirmed that nothing is left. */
    ATTESTED,
    /** A shadow cannot go on by itself; it continues when its trouble is over, or is aborted. */
    PAUSED,
    ABORTED,
    /** A legal hold, or copies that differ: neither region purges until it is released. */
    HELD,
    /** A rollback of this move is under way. */
    ROLLING_BACK,
    /** The account is back where this move began. */
    ROLLED_BACK,
    /** The target's copy was not the source's: aborted, and somebody should look. */
    QUARANTINED,
    /** The account is being erased in every region; see the directory row. */
    ERASING;

    private static final Set<MoveState> ENDED = EnumSet.of(ATTESTED, ABORTED, QUARANTINED, ROLLED_BACK, ERASING);
    private static final Set<MoveState> WAITING = EnumSet.of(SOAK, HELD, ROLLING_BACK);
    private static final Set<MoveState> FENCED = EnumSet.of(FENCING, SEALED, VERIFIED);

    /** The states that may follow. */
    public Set<MoveState> next() {
        return switch (this) {
            case PLANNED -> EnumSet.of(PREFLIGHT, ABORTED, ERASING);
            case PREFLIGHT -> EnumSet.of(COPYING, ABORTED, ERASING);
            case COPYING -> EnumSet.of(CATCHING_UP, PAUSED, QUARANTINED, ABORTED, ERASING);
            case CATCHING_UP -> EnumSet.of(READY, PAUSED, QUARANTINED, ABORTED, ERASING);
            case READY -> EnumSet.of(FENCING, ABORTED, ERASING);
            case FENCING -> EnumSet.of(SEALED, ABORTED, ERASING);
            case SEALED -> EnumSet.of(VERIFIED, QUARANTINED, ABORTED, ERASING);
            case VERIFIED -> EnumSet.of(CUT_OVER, ABORTED, ERASING);
            // at the source it stays the last state, unless the baton comes back
            case CUT_OVER -> EnumSet.of(SOAK, ROLLED_BACK, ERASING);
            case SOAK -> EnumSet.of(CHECKING, HELD, ROLLING_BACK, ERASING);
            case CHECKING -> EnumSet.of(PURGING, HELD, ROLLING_BACK, ERASING);
            case HELD -> EnumSet.of(SOAK);
            case ROLLING_BACK -> EnumSet.of(SOAK, ROLLED_BACK, ERASING);
            case PURGING -> EnumSet.of(ATTESTED, ERASING);
            case PAUSED -> EnumSet.of(COPYING, QUARANTINED, ABORTED, ERASING);
            case ATTESTED, ABORTED, QUARANTINED, ROLLED_BACK, ERASING -> EnumSet.noneOf(MoveState.class);
        };
    }

    /** Whether no state follows. */
    public boolean ended() {
        return ENDED.contains(this);
    }

    /** Whether writes at the source are stopped, so that a deadline runs. */
    public boolean fenced() {
        return FENCED.contains(this);
    }

    /** Whether nothing is to be done meanwhile: a time, an operator or another move ends it. */
    public boolean waits() {
        return WAITING.contains(this);
    }

    public boolean mayAbort() {
        return next().contains(ABORTED);
    }
}
