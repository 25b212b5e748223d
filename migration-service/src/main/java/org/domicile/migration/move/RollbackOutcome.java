package org.domicile.migration.move;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What becomes of a rollback that was asked for. */
@RegisterForReflection
public enum RollbackOutcome {
    /** It has begun, or will when the account can go: ask again. Its success is told by the baton. */
    UNDER_WAY,
    /** It was given up, or may not be: the account soaks, and another attempt is possible. */
    FAILED,
    /** The account cannot go back any more. */
    TOO_LATE;

    public boolean over() {
        return this != UNDER_WAY;
    }

    /** Of a rollback that was begun. */
    static RollbackOutcome of(Move rollback) {
        return switch (rollback.state()) {
            case ABORTED, QUARANTINED -> rollback.settled() ? FAILED : UNDER_WAY;
            case ERASING -> TOO_LATE;
            case PLANNED,
                    PREFLIGHT,
                    COPYING,
                    CATCHING_UP,
                    READY,
                    FENCING,
                    SEALED,
                    VERIFIED,
                    CUT_OVER,
                    SOAK,
                    CHECKING,
                    PURGING,
                    ATTESTED,
                    PAUSED,
                    HELD,
                    ROLLING_BACK,
                    ROLLED_BACK -> UNDER_WAY;
        };
    }

    /** Of a move whose rollback has not begun; one in SOAK can. */
    static RollbackOutcome before(MoveState undone) {
        return switch (undone) {
            case CUT_OVER, SOAK, CHECKING, ROLLING_BACK, ROLLED_BACK -> UNDER_WAY;
            case HELD -> FAILED;
            case PURGING, ATTESTED, ERASING -> TOO_LATE;
            case PLANNED,
                    PREFLIGHT,
                    COPYING,
                    CATCHING_UP,
                    READY,
                    FENCING,
                    SEALED,
                    VERIFIED,
                    PAUSED,
                    ABORTED,
                    QUARANTINED -> TOO_LATE;
        };
    }
}
