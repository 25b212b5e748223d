package org.domicile.messaging.queue;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.LinkedHashSet;
import org.domicile.messaging.receipt.ReceiptStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * Deletes messages whose time is over, and receipts that nobody fetched, found by the index on expiry. A deletion is a write: it passes the fence, so that it
 * cannot differ between the two ends of a move.
 */
@ApplicationScoped
public class Expiry {
    private static final Logger LOG = Logger.getLogger(Expiry.class);
    private static final int BATCH = 1000;

    private final MessageStore store;
    private final ReceiptStore receipts;
    private final Fence fence;
    private final Clock clock;

    @Inject
    public Expiry(MessageStore store, ReceiptStore receipts, Fence fence, Clock clock) {
        this.store = store;
        this.receipts = receipts;
        this.fence = fence;
        this.clock = clock;
    }

    @Scheduled(every = "${domicile.messaging.expiry-every:60s}", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> purge() {
        var now = clock.instant();
        return Uni.combine()
                .all()
                .unis(store.accountsWithExpired(now, BATCH), receipts.accountsWithExpired(now, BATCH))
                .with((messages, told) -> {
                    var accounts = new LinkedHashSet<>(messages);
                    accounts.addAll(told);
                    return accounts;
                })
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(this::purge)
                .collect()
                .last()
                .onFailure()
                .invoke(failure -> LOG.warnf("expired messages not looked for, will retry reason=%s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private Uni<Integer> deleteExpired(FencedWrite write) {
        var now = clock.instant();
        return store.deleteExpired(write, now)
                .flatMap(count -> receipts.deleteExpired(write, now).map(told -> count + told));
    }

    private Uni<Void> purge(AccountId account) {
        return fence.row(account)
                .flatMap(row -> row.mode() == FenceMode.OWN
                        ? fence.write(account, this::deleteExpired)
                        : Uni.createFrom().item(0))
                .invoke(count -> LOG.debugf("expired account=%s rows=%d", account, count))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("expired messages not deleted yet account=%s reason=%s", account, failure);
                    return Uni.createFrom().item(0);
                })
                .replaceWithVoid();
    }
}
