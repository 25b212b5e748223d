package org.domicile.migration.move;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.platform.account.AccountId;

/**
 * One move of one account, as the region that coordinates it knows it.
 *
 * @param source region that was home when the move began
 * @param target region that becomes home
 * @param reason one sentence for PAUSED, ABORTED and QUARANTINED, else null
 * @param shadowEpoch epoch of the SHADOW commands; 0 = not ordered yet, as for the others
 * @param fenceEpoch epoch of the FREEZE and CLOSE commands
 * @param homeEpoch epoch at which the target is home
 * @param endEpoch epoch of the PURGE commands
 * @param deadline when the state is over by time alone (preflight, fence, soak), else null
 * @param settled nothing is outstanding any more at either region
 * @param fed a transfer basis covers the way back, so the old home is fed while the account soaks
 * @param rollbackOf the move that this one undoes, else null
 */
@RegisterForReflection
public record Move(
        UUID id,
        AccountId account,
        String source,
        String target,
        MoveState state,
        String reason,
        long shadowEpoch,
        long fenceEpoch,
        long homeEpoch,
        long endEpoch,
        Instant deadline,
        boolean settled,
        String requestedBy,
        Instant createdAt,
        boolean fed,
        UUID rollbackOf) {

    public static Move planned(
            UUID id, AccountId account, String source, String target, String requestedBy, Instant now) {
        return new Move(
                id,
                account,
                source,
                target,
                MoveState.PLANNED,
                null,
                0,
                0,
                0,
                0,
                null,
                false,
                requestedBy,
                now,
                false,
                null);
    }

    /** The way back of this move. */
    public Move rollback(UUID rollback, String requester, Instant now) {
        return new Move(
                rollback,
                account,
                target,
                source,
                MoveState.PLANNED,
                null,
                0,
                0,
                0,
                0,
                null,
                false,
                requester,
                now,
                fed,
                id);
    }

    public boolean rollsBack() {
        return rollbackOf != null;
    }

    public Move feeding(boolean feed) {
        return new Move(
                id,
                account,
                source,
                target,
                state,
                reason,
                shadowEpoch,
                fenceEpoch,
                homeEpoch,
                endEpoch,
                deadline,
                settled,
                requestedBy,
                createdAt,
                feed,
                rollbackOf);
    }

    /** @throws IllegalStateException if the state may not follow this one */
    public Move to(MoveState next, String why, Instant until) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("a move cannot go from " + state + " to " + next);
        }
        return new Move(
                id,
                account,
                source,
                target,
                next,
                why,
                shadowEpoch,
                fenceEpoch,
                homeEpoch,
                endEpoch,
                until,
                settled,
                requestedBy,
                createdAt,
                fed,
                rollbackOf);
    }

    public Move copyingAt(long epoch) {
        return epochs(epoch, fenceEpoch, homeEpoch, endEpoch);
    }

    public Move fencedAt(long epoch) {
        return epochs(shadowEpoch, epoch, homeEpoch, endEpoch);
    }

    public Move cutOverAt(long epoch) {
        return epochs(shadowEpoch, fenceEpoch, epoch, endEpoch);
    }

    public Move purgedAt(long epoch) {
        return epochs(shadowEpoch, fenceEpoch, homeEpoch, epoch);
    }

    public Move settle() {
        return new Move(
                id,
                account,
                source,
                target,
                state,
                reason,
                shadowEpoch,
                fenceEpoch,
                homeEpoch,
                endEpoch,
                null,
                true,
                requestedBy,
                createdAt,
                fed,
                rollbackOf);
    }

    /**
     * Whether the account's row is another move's business, or nobody's: nothing takes this one on. Of an account whose row is IDLE any may
     * begin, unless the row names one; see {@code RestoredStore}.
     */
    public boolean restsIn(DirectoryRow row) {
        return !id.equals(row.moveId()) && (row.state() != DirectoryState.IDLE || row.moveId() != null);
    }

    /** Whether the deadline has passed. */
    public boolean overdue(Instant now) {
        return deadline != null && !now.isBefore(deadline);
    }

    private Move epochs(long shadow, long fence, long home, long end) {
        return new Move(
                id,
                account,
                source,
                target,
                state,
                reason,
                shadow,
                fence,
                home,
                end,
                deadline,
                settled,
                requestedBy,
                createdAt,
                fed,
                rollbackOf);
    }
}
