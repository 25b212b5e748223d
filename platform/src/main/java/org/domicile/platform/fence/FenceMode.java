package org.domicile.platform.fence;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a service may do with an account's data in this region (migration.md rule 2; {@code mode} in AccountMove.tla).
 *
 * <pre>
 *   NONE --opened--> OWN --freeze--> FROZEN --keep--> SHADOW --purge--> NONE (tombstone)
 *   NONE --shadow--> SHADOW --close--> CLOSED --activate--> OWN
 *   FROZEN --activate--> OWN (abort)      SHADOW, CLOSED --purge--> NONE (abort)
 * </pre>
 */
@RegisterForReflection
public enum FenceMode {
    /** No data and no writes: never here, or purged (the row that stays is a tombstone). */
    NONE,
    /** The only mode in which clients write. */
    OWN,
    /** Reads only; the writes in flight have drained. */
    FROZEN,
    /** Takes records from the mover only, of one shadow epoch, newer versions only. */
    SHADOW,
    /** Takes nothing: digests computed now are final for this epoch. */
    CLOSED
}
