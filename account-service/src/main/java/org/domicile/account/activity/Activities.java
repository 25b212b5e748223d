package org.domicile.account.activity;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.account.erasure.Erasures;
import org.domicile.account.notice.NoticeStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * When owners were last here. A request only adds its account to a set in memory; what is older than a week, and who was given
 * notice, is written a little later. A crash loses seconds of it, and the next request says it again.
 */
@ApplicationScoped
public class Activities {
    private static final Logger LOG = Logger.getLogger(Activities.class);
    private static final Duration COARSE = Duration.ofDays(7);
    private static final int REMEMBERED = 100_000;
    private static final int BATCH = 1_000;

    private final Fence fence;
    private final ActivityStore store;
    private final Erasures erasures;
    private final NoticeStore notices;
    private final Clock clock;
    private final Set<AccountId> seen = ConcurrentHashMap.newKeySet();

    @Inject
    public Activities(Fence fence, ActivityStore store, Erasures erasures, NoticeStore notices, Clock clock) {
        this.fence = fence;
        this.store = store;
        this.erasures = erasures;
        this.notices = notices;
        this.clock = clock;
    }

    /** Of every request with the account's token. */
    public void seen(AccountId account) {
        if (seen.size() < REMEMBERED) {
            seen.add(account);
        }
    }

    @Scheduled(every = "${domicile.activity.write:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> write() {
        var batch = seen.stream().limit(BATCH).toList();
        if (batch.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var now = clock.instant();
        return store.stale(batch, now.minus(COARSE))
                .onItem()
                .transformToMulti(stale -> Multi.createFrom().iterable(stale))
                .onItem()
                .transformToUniAndConcatenate(account -> writeOne(account, now))
                .collect()
                .last()
                .invoke(last -> batch.forEach(seen::remove))
                .replaceWithVoid()
                .onFailure()
                .invoke(f -> LOG.warnf("activity not written, will try again reason=%s", f))
                .onFailure()
                .recoverWithNull();
    }

    /** The owner was here at that time. Ends what was under way because they seemed to be gone. @return the state after */
    Uni<Inactivity> active(AccountId account, Instant at) {
        return fence.write(account, write -> store.find(write.connection(), account)
                .flatMap(known -> known.at().isBefore(at) || known.notices() > 0
                        ? begin(write, known, at)
                        : Uni.createFrom().item(known)));
    }

    private Uni<Inactivity> begin(FencedWrite write, Inactivity known, Instant at) {
        var active = Inactivity.since((known.at().isAfter(at) ? known.at() : at).truncatedTo(ChronoUnit.MILLIS));
        return (known.erasureId() == null ? Uni.createFrom().voidItem() : erasures.takeBack(write, known.erasureId()))
                .flatMap(v -> notices.withdrawInactivity(write))
                .flatMap(v -> store.put(write, active))
                .replaceWith(active);
    }

    private Uni<AccountId> writeOne(AccountId account, Instant now) {
        return active(account, now)
                .onFailure()
                .invoke(f -> LOG.infof("activity not written now account=%s reason=%s", account, f))
                .onFailure()
                .recoverWithNull()
                .replaceWith(account);
    }
}
