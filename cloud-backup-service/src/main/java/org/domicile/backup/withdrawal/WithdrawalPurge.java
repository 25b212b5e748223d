package org.domicile.backup.withdrawal;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.domicile.backup.blob.OrphanSweep;
import org.domicile.backup.blob.PurgeProof;
import org.domicile.backup.direct.PresignedStore;
import org.domicile.backup.key.DataKeyUse;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.turn.Turns;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * Ends what is stored of an account whose owner switched backup off, once the market's grace has passed: rows in one transaction, which
 * notes that a purge has begun; then the objects; then the store is asked, page by page, whether it is empty; then the
 * data key goes. A crash in between
 * leaves the note, and the next run goes on from there.
 */
@ApplicationScoped
public class WithdrawalPurge {
    private static final Logger LOG = Logger.getLogger(WithdrawalPurge.class);

    private final Pool pool;
    private final Fence fence;
    private final FenceStore fences;
    private final Withdrawals withdrawals;
    private final PurgeStore purges;
    private final PresignedStore presigned;
    private final OrphanSweep sweep;
    private final PurgeProof proof;
    private final DataKeys keys;
    private final DataKeyUse use;
    private final Turns turns;
    private final Clock clock;

    @Inject
    public WithdrawalPurge(
            Pool pool,
            Fence fence,
            FenceStore fences,
            Withdrawals withdrawals,
            PurgeStore purges,
            PresignedStore presigned,
            OrphanSweep sweep,
            PurgeProof proof,
            DataKeys keys,
            DataKeyUse use,
            Turns turns,
            Clock clock) {
        this.pool = pool;
        this.fence = fence;
        this.fences = fences;
        this.withdrawals = withdrawals;
        this.purges = purges;
        this.presigned = presigned;
        this.sweep = sweep;
        this.proof = proof;
        this.keys = keys;
        this.use = use;
        this.turns = turns;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.sweep:10m}",
            delayed = "${domicile.backup.sweep:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return turns.take("withdrawals", this::purge).replaceWithVoid();
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
                .flatMap(left ->
                        left == 0 ? shred(account).chain(() -> purges.end(account)) : proof.alarm(account, left));
    }

    /** The data key, unless backup is on again and uses it. The fence row is held: nothing new is stored under the key meanwhile. */
    private Uni<Void> shred(AccountId account) {
        return pool.withTransaction(c -> fences.lock(c, account)
                .flatMap(row -> use.inUse(c, Set.of(account.value())))
                .flatMap(used ->
                        used.isEmpty() ? keys.delete(account) : Uni.createFrom().voidItem()));
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
