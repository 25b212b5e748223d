package org.domicile.platform.fence;

import java.util.Optional;
import org.domicile.platform.residency.Residency;

/**
 * Where an account stands in this region.
 *
 * @param residency what the directory says of it, if anything
 * @param fence its row; empty if this database has none, not even as a tombstone
 */
record Standing(Optional<Residency> residency, Optional<FenceRow> fence) {
    boolean isUnknown() {
        return residency.isEmpty() && fence.isEmpty();
    }
}
