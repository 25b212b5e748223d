package org.domicile.messaging.queue;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;
import org.jboss.logging.Logger;

/**
 * Deletes messages whose time is over, found by the index on expiry. A deletion is a write: it passes the fence, so that it
 * cannot differ between the two ends of a move.
 */
@ApplicationScoped
public class Expiry {
    private static final Logger LOG = Logger.getLogger(Expiry.class);
    private static final int BATCH = 1000;

    private final MessageStore store;
    private final Fence fence;
    private final Clock clock;

    @Inject
    public Expiry(MessageStore store, Fence fence, Clock clock) {
        this.store = store;
        this.fence = fence;
        this.clock = clock;
    }

    @Scheduled(every = "${domicile.messaging.expiry-every:60s}", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> purge() {
        return store.accountsWithExpired(clock.instant(), BATCH)
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

    private Uni<Void> purge(AccountId account) {
        return fence.row(account)
                .flatMap(row -> row.mode() == FenceMode.OWN
                        ? fence.write(account, write -> store.deleteExpired(write, clock.instant()))
                        : Uni.createFrom().item(0))
                .invoke(count -> LOG.debugf("messages expired account=%s count=%d", account, count))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("expired messages not deleted yet account=%s reason=%s", account, failure);
                    return Uni.createFrom().item(0);
                })
                .replaceWithVoid();
    }
}
