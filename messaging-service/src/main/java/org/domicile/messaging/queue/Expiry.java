package org.domicile.messaging.queue;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.messaging.receipt.ReceiptStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
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

    /**
     * SQL: accounts in which something is over at a time ($1), of the oldest so many rows ($2) of each table. What is not at home here can
     * only be deleted elsewhere, and does not count.
     */
    public static final String OVER = "select account_id from (" + oldest("message")
            + ") m union select account_id from (" + oldest("receipt") + ") r";

    private final Pool pool;
    private final MessageStore store;
    private final ReceiptStore receipts;
    private final Fence fence;
    private final Clock clock;

    @Inject
    public Expiry(Pool pool, MessageStore store, ReceiptStore receipts, Fence fence, Clock clock) {
        this.pool = pool;
        this.store = store;
        this.receipts = receipts;
        this.fence = fence;
        this.clock = clock;
    }

    @Scheduled(every = "${domicile.messaging.expiry-every:60s}", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> purge() {
        return accounts()
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

    private Uni<List<AccountId>> accounts() {
        return pool.preparedQuery(OVER)
                .execute(Tuple.of(clock.instant().atOffset(ZoneOffset.UTC), BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    private static String oldest(String table) {
        return "select e.account_id from " + table + " e join fence f using (account_id)"
                + " where f.mode = 'OWN' and e.expires <= $1 order by e.expires limit $2";
    }

    private Uni<Integer> deleteExpired(FencedWrite write) {
        var now = clock.instant();
        return store.deleteExpired(write, now)
                .flatMap(count -> receipts.deleteExpired(write, now).map(told -> count + told));
    }

    private Uni<Void> purge(AccountId account) {
        return fence.write(account, this::deleteExpired)
                .invoke(count -> LOG.debugf("expired account=%s rows=%d", account, count))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("expired messages not deleted yet account=%s reason=%s", account, failure);
                    return Uni.createFrom().item(0);
                })
                .replaceWithVoid();
    }
}
