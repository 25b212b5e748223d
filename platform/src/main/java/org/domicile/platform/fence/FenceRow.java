package org.domicile.platform.fence;

import java.time.Instant;

/**
 * An account's fence row in this service's database.
 *
 * @param version the counter that every write raises
 * @param at when the row reached its mode
 */
public record FenceRow(FenceMode mode, long epoch, long version, Instant at) {
    /** No row: never here. */
    public static final FenceRow MISSING = new FenceRow(FenceMode.NONE, 0, 0, Instant.EPOCH);

    /** Whether the account was here once and has been purged. */
    public boolean isTombstone() {
        return mode == FenceMode.NONE && epoch > 0;
    }
}
