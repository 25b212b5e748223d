package org.domicile.backup.withdrawal;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.domicile.backup.blob.OrphanSweep;
import org.domicile.backup.blob.PurgeProof;
import org.domicile.backup.direct.PresignedStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * Ends what is stored of an account whose owner switched backup off, once the market's grace has passed: rows in one transaction, which
 * notes that a purge has begun; then the objects; then the store is asked, page by page, whether it is empty. A crash in between
 * leaves the note, and the next run goes on from there.
 */
@ApplicationScoped
public class WithdrawalPurge {
    private static final Logger LOG = Logger.getLogger(WithdrawalPurge.class);

    private final Fence fence;
    private final Withdrawals withdrawals;
    private final PurgeStore purges;
    private final PresignedStore presigned;
    private final OrphanSweep sweep;
    private final PurgeProof proof;
    private final Clock clock;

    @Inject
    public WithdrawalPurge(
            Fence fence,
            Withdrawals withdrawals,
            PurgeStore purges,
            PresignedStore presigned,
            OrphanSweep sweep,
            PurgeProof proof,
            Clock clock) {
        this.fence = fence;
        this.withdrawals = withdrawals;
        this.purges = purges;
        this.presigned = presigned;
        this.sweep = sweep;
        this.proof = proof;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.sweep:10m}",
            delayed = "${domicile.backup.sweep:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return purge();
    }

    public Uni<Void> purge() {
        return withdrawals
                .due(clock.instant())
                .flatMap(due -> each(due, this::purgeRows))
                .chain(purges::open)
                .flatMap(open -> each(open, this::purgeObjects));
    }

    private Uni<Void> purgeRows(AccountId account) {
        return fence.write(account, this::purgeIfDue);
    }

    /** Looks again in the transaction: backup may be on again. */
    private Uni<Void> purgeIfDue(FencedWrite write) {
        var now = clock.instant();
        return withdrawals
                .of(write.connection(), write.account())
                .flatMap(found -> found.filter(w -> !w.deletedAt().isAfter(now)).isPresent()
                        ? purges.begin(write, now)
                        : Uni.createFrom().voidItem());
    }

    /** Not before the last URL for direct transfer has expired: it could still bring an object. */
    private Uni<Void> purgeObjects(AccountId account) {
        return presigned
                .requireExpired(account, clock.instant())
                .chain(() -> sweep.deleteUnnamed(account))
                .chain(() -> sweep.unnamed(account))
                .flatMap(left -> left == 0 ? purges.end(account) : proof.alarm(account, left));
    }

    private static Uni<Void> each(List<AccountId> accounts, Function<AccountId, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUniAndConcatenate(account -> step.apply(account)
                        .onFailure()
                        .invoke(failure -> LOG.warnf("purge not done yet account=%s reason=%s", account, failure))
                        .onFailure()
                        .recoverWithNull())
                .collect()
                .last()
                .replaceWithVoid();
    }
}
