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
 * </pre>
 *
 * ROLLING_BACK re-enters FENCING out of SOAK, and ERASING follows every state; both come later.
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
    PURGING;

    public Set<DirectoryState> next() {
        return switch (this) {
            case IDLE -> EnumSet.of(COPYING);
            case COPYING -> EnumSet.of(FENCING, PURGING);
            case FENCING -> EnumSet.of(SEALED, PURGING);
            case SEALED -> EnumSet.of(VERIFIED, PURGING);
            case VERIFIED -> EnumSet.of(AWAY, PURGING);
            case AWAY -> EnumSet.of(SOAK);
            case SOAK -> EnumSet.of(PURGING);
            case PURGING -> EnumSet.of(IDLE);
        };
    }
}
