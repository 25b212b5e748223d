package org.domicile.migration.directory;

import java.util.EnumSet;
import java.util.Set;

/**
 * State of a directory row: {@code st} in AccountMove.tla, with the same transitions.
 *
 * <pre>
 *   IDLE → COPYING → FENCING → SEALED → VERIFIED → AWAY        (the source)
 *            └─────────┴─────────┴─────────┴──→ PURGING → IDLE (abort)
 *   AWAY → SOAK → PURGING → IDLE                               (the target, from the baton on)
 *          SOAK → SOAK                                         (the old home is fed from this epoch on)
 *          SOAK → FENCING → … → AWAY                           (a rollback; its abort leads back to SOAK)
 * </pre>
 *
 * ERASING follows every state at the home, and nothing follows it: the row goes.
 */
public enum DirectoryState {
    IDLE,
    COPYING,
    FENCING,
    SEALED,
    VERIFIED,
    /** Another region is home. */
    AWAY,
    SOAK,
    PURGING,
    /** Every participant of every region purges; the row goes when all have confirmed. */
    ERASING;

    public Set<DirectoryState> next() {
        return switch (this) {
            case IDLE -> EnumSet.of(COPYING, ERASING);
            case COPYING -> EnumSet.of(FENCING, PURGING, ERASING);
            case FENCING -> EnumSet.of(SEALED, PURGING, SOAK, ERASING);
            case SEALED -> EnumSet.of(VERIFIED, PURGING, SOAK, ERASING);
            case VERIFIED -> EnumSet.of(AWAY, PURGING, SOAK, ERASING);
            case AWAY -> EnumSet.of(SOAK);
            case SOAK -> EnumSet.of(PURGING, SOAK, FENCING, ERASING);
            case PURGING -> EnumSet.of(IDLE, ERASING);
            case ERASING -> EnumSet.noneOf(DirectoryState.class);
        };
    }
}
