package org.domicile.account.notice;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.account.notice.NoticeStore.Addressed;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.jboss.logging.Logger;

/**
 * Sends notices to every identifier of their account: at least once, and again after a crash in between. How long the oldest has been
 * waiting is {@code domicile_notices_unsent_oldest_seconds}, which an alert watches.
 */
@ApplicationScoped
public class Notices {
    /** How long a notice can be read after its day. */
    public static final Duration KEPT = Duration.ofDays(90);

    private static final int AT_ONCE = 4;
    private static final Logger LOG = Logger.getLogger(Notices.class);

    private final NoticeStore store;
    private final ProfileStore profiles;
    private final NoticeSender sender;
    private final Fence fence;
    private final Clock clock;
    private final AtomicLong oldest;

    @Inject
    public Notices(
            NoticeStore store,
            ProfileStore profiles,
            NoticeSender sender,
            Fence fence,
            Clock clock,
            MeterRegistry metrics) {
        this.store = store;
        this.profiles = profiles;
        this.sender = sender;
        this.fence = fence;
        this.clock = clock;
        this.oldest = metrics.gauge("domicile.notices.unsent.oldest.seconds", new AtomicLong());
    }

    Uni<List<Notice>> of(AccountId account) {
        return store.all(account, clock.instant());
    }

    @Scheduled(every = "${domicile.notices.look:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> send() {
        return calm(sendDue(clock.instant()));
    }

    @Scheduled(every = "${domicile.notices.look:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> measure() {
        return calm(store.oldest(clock.instant())
                .invoke(age -> oldest.set(age.toSeconds()))
                .replaceWithVoid());
    }

    private static Uni<Void> calm(Uni<Void> look) {
        return look.onFailure()
                .invoke(f -> LOG.warnf("notices not looked at, will try again reason=%s", f))
                .onFailure()
                .recoverWithNull();
    }

    /** Until none is left that was due when this began. */
    private Uni<Void> sendDue(Instant now) {
        return store.take(now)
                .flatMap(taken -> taken.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : sendAll(taken).flatMap(v -> sendDue(now)));
    }

    private Uni<Void> sendAll(List<Addressed> taken) {
        return Multi.createFrom()
                .iterable(taken)
                .onItem()
                .transformToUni(this::send)
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** One that cannot be sent now must not keep the others waiting. */
    private Uni<Addressed> send(Addressed to) {
        var notice = to.notice().sent(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return profiles.read(to.account())
                .onItem()
                .transformToMulti(profile -> Multi.createFrom().iterable(profile.identifiers()))
                .select()
                .where(identifier -> !to.sentTo().contains(identifier.kind()))
                .onItem()
                .transformToUni(identifier -> sender.send(identifier, notice)
                        .flatMap(v -> store.sentTo(to.account(), notice.id(), identifier.kind())))
                .collectFailures()
                .concatenate()
                .collect()
                .last()
                .flatMap(last -> fence.write(to.account(), write -> store.sent(write, notice)))
                .onFailure()
                .invoke(f -> LOG.infof("notice not sent now account=%s reason=%s", to.account(), f))
                .onFailure()
                .recoverWithNull()
                .replaceWith(to);
    }
}
