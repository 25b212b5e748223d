package org.domicile.migration.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;

/**
 * Whether another region may order something for an account: only its home may. A region that never had the account believes
 * the first that speaks; one that heard of an older home believes the signed directory.
 */
@ApplicationScoped
public class KnownHome {
    private final Regions regions;
    private final DirectoryStore directory;
    private final Residencies residencies;

    @Inject
    public KnownHome(Regions regions, DirectoryStore directory, Residencies residencies) {
        this.regions = regions;
        this.directory = directory;
        this.residencies = residencies;
    }

    /**
     * This region's row, locked, if the claim is from the home and of an epoch above it.
     *
     * @return empty if the epoch is not above the row's, or the account was erased: acknowledge again, change nothing; fails with CONFLICT if another
     *     region than the claimant is home as far as is known here
     */
    public Uni<Optional<DirectoryRow>> locked(
            SqlConnection connection, AccountId account, String claimant, long epoch) {
        return residencies.of(connection, account).flatMap(believed -> made(
                        connection, account, believed.map(Residency::home).orElse(claimant))
                .flatMap(row -> row.isEmpty()
                        ? Uni.createFrom().item(row)
                        : check(connection, row.get(), believed, claimant, epoch)));
    }

    /** The row, locked; empty if the account was erased. @param heard the home, if this region had no row */
    private Uni<Optional<DirectoryRow>> made(SqlConnection connection, AccountId account, String heard) {
        return directory
                .make(connection, DirectoryRow.away(account, heard, 0, null))
                .chain(() -> directory.lock(connection, account));
    }

    /**
     * The same for what was claimed before these data were reconciled after a restore, whatever epoch the row has by now. The signed
     * directory is believed where it says the same as the claim, even if the backup knew of another home.
     *
     * @return empty if the account has left again, or was erased
     */
    public Uni<Optional<DirectoryRow>> lockedAfterRestore(
            SqlConnection connection, AccountId account, String claimant, long epoch) {
        return residencies.of(connection, account).flatMap(believed -> {
            if (believed.filter(known -> known.epoch() > epoch).isPresent()) {
                return Uni.createFrom().item(Optional.empty());
            }
            return believed.filter(known -> known.epoch() == epoch
                                    && regions.isSelf(known.home())
                                    && known.previous().equals(claimant))
                            .isPresent()
                    ? made(connection, account, claimant)
                    : locked(connection, account, claimant, Long.MAX_VALUE);
        });
    }

    private Uni<Optional<DirectoryRow>> check(
            SqlConnection connection, DirectoryRow row, Optional<Residency> believed, String claimant, long epoch) {
        if (epoch <= row.epoch()) {
            return Uni.createFrom().item(Optional.empty());
        }
        if (row.home().equals(claimant)) {
            return Uni.createFrom().item(Optional.of(row));
        }
        var newer = believed.filter(r -> r.epoch() > row.epoch() && r.home().equals(claimant));
        if (newer.isEmpty() || regions.isSelf(row.home())) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.CONFLICT, "The account's home is " + row.home() + ": only it gives orders."));
        }
        var moved = new DirectoryRow(
                row.account(), claimant, newer.get().epoch(), DirectoryState.AWAY, 0, row.market(), row.moveId());
        return directory.compareAndSet(connection, row, moved).map(done -> Optional.of(moved));
    }
}
