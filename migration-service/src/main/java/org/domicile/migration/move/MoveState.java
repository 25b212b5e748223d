package org.domicile.migration.move;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a move stands.
 *
 * <pre>
 *  PLANNED → PREFLIGHT → COPYING → CATCHING_UP → READY → FENCING → SEALED → VERIFIED → CUT_OVER → SOAK → PURGING → ATTESTED
 *                          ↑ └────────┬───────────┘                  │
 *                          └─────── PAUSED                           └→ QUARANTINED  (digests differ)
 *
 *  ABORTED: from every state before CUT_OVER.
 * </pre>
 *
 * CUT_OVER is the only commit point, PURGING the only point of no return. After an abort the account is not free for
 * another move before both regions have confirmed it ({@link Move#settled()}).
 *
 * <p>Places for what comes later: HELD (a legal hold) between SOAK and PURGING, ROLLING_BACK out of SOAK back into it or
 * into FENCING the other way round, ERASING out of every state at the region that holds the baton.
 */
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
    /** The source deletes. */
    PURGING,
    /** The source has confirmed that nothing is left. */
    ATTESTED,
    /** A shadow cannot go on by itself; it continues when its trouble is over, or is aborted. */
    PAUSED,
    ABORTED,
    /** The target's digests differed from the sealed ones: aborted, and somebody should look. */
    QUARANTINED;

    private static final Set<MoveState> ENDED = EnumSet.of(ATTESTED, ABORTED, QUARANTINED);
    private static final Set<MoveState> FENCED = EnumSet.of(FENCING, SEALED, VERIFIED);

    /** The states that may follow. */
    public Set<MoveState> next() {
        return switch (this) {
            case PLANNED -> EnumSet.of(PREFLIGHT, ABORTED);
            case PREFLIGHT -> EnumSet.of(COPYING, ABORTED);
            case COPYING -> EnumSet.of(CATCHING_UP, PAUSED, ABORTED);
            case CATCHING_UP -> EnumSet.of(READY, PAUSED, ABORTED);
            case READY -> EnumSet.of(FENCING, ABORTED);
            case FENCING -> EnumSet.of(SEALED, ABORTED);
            case SEALED -> EnumSet.of(VERIFIED, QUARANTINED, ABORTED);
            case VERIFIED -> EnumSet.of(CUT_OVER, ABORTED);
            case CUT_OVER -> EnumSet.of(SOAK);
            case SOAK -> EnumSet.of(PURGING);
            case PURGING -> EnumSet.of(ATTESTED);
            case PAUSED -> EnumSet.of(COPYING, ABORTED);
            case ATTESTED, ABORTED, QUARANTINED -> EnumSet.noneOf(MoveState.class);
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

    public boolean mayAbort() {
        return next().contains(ABORTED);
    }
}
