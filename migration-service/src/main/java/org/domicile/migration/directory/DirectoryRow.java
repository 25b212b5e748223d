package org.domicile.migration.directory;

import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * This region's own row of the residency directory: {@code dir[r]} in AccountMove.tla. Changed only by compare-and-set on
 * (epoch, state).
 *
 * @param home the region that is home as far as this region knows
 * @param epoch raised by every choice; 0 = this region has only heard of the account
 * @param shadowEpoch epoch for which the other region's shadow takes records; 0 = none
 * @param market the account's market (country code)
 * @param moveId the move that the state belongs to; null in IDLE
 */
public record DirectoryRow(
        AccountId account,
        String home,
        long epoch,
        DirectoryState state,
        long shadowEpoch,
        String market,
        UUID moveId) {
    public static DirectoryRow opened(AccountId account, String home, String market) {
        return opened(account, home, 1, market);
    }

    /** The same after a restore that forgot the account: nothing that was ordered since is above this epoch. */
    public static DirectoryRow opened(AccountId account, String home, long epoch, String market) {
        return new DirectoryRow(account, home, epoch, DirectoryState.IDLE, 0, market, null);
    }

    /** As far as this region has heard. */
    public static DirectoryRow away(AccountId account, String home, long epoch, String market) {
        return new DirectoryRow(account, home, epoch, DirectoryState.AWAY, 0, market, null);
    }

    /** A new epoch: {@code Cas} in AccountMove.tla. */
    public DirectoryRow raise(DirectoryState next, long shadow, UUID move) {
        return with(home, epoch + 1, next, shadow, move);
    }

    /** A step within the epoch. */
    public DirectoryRow enter(DirectoryState next) {
        return with(home, epoch, next, shadowEpoch, next == DirectoryState.IDLE ? null : moveId);
    }

    /** The same state, as the business of another move: a rollback, or the move that it was to undo. */
    public DirectoryRow forMove(UUID move) {
        return new DirectoryRow(account, home, epoch, state, shadowEpoch, market, move);
    }

    /** The end of the account, at a new epoch. */
    public DirectoryRow erase() {
        return raise(DirectoryState.ERASING, shadowEpoch, moveId);
    }

    /** Another region becomes home at the next epoch. */
    public DirectoryRow handTo(String newHome) {
        return with(newHome, epoch + 1, DirectoryState.AWAY, 0, moveId);
    }

    /** This region becomes home at the epoch of a baton. */
    public DirectoryRow become(String self, long batonEpoch, String marketOfAccount, UUID move) {
        if (batonEpoch <= epoch) {
            throw new IllegalStateException("a baton of epoch " + batonEpoch + " is not above epoch " + epoch);
        }
        return new DirectoryRow(account, self, batonEpoch, DirectoryState.SOAK, batonEpoch, marketOfAccount, move);
    }

    private DirectoryRow with(String newHome, long newEpoch, DirectoryState next, long shadow, UUID move) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("a directory row cannot go from " + state + " to " + next);
        }
        return new DirectoryRow(account, newHome, newEpoch, next, shadow, market, move);
    }
}
