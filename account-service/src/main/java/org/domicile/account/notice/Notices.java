package org.domicile.account.notice;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.domicile.account.notice.NoticeStore.Addressed;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.jboss.logging.Logger;

/** Sends notices to every identifier of their account: at least once, and again after a crash in between. */
@ApplicationScoped
public class Notices {
    /** How long a notice can be read after its day. */
    public static final Duration KEPT = Duration.ofDays(90);

    private static final Logger LOG = Logger.getLogger(Notices.class);

    private final NoticeStore store;
    private final ProfileStore profiles;
    private final NoticeSender sender;
    private final Fence fence;
    private final Clock clock;

    @Inject
    public Notices(NoticeStore store, ProfileStore profiles, NoticeSender sender, Fence fence, Clock clock) {
        this.store = store;
        this.profiles = profiles;
        this.sender = sender;
        this.fence = fence;
        this.clock = clock;
    }

    Uni<List<Notice>> of(AccountId account) {
        return store.all(account, clock.instant());
    }

    @Scheduled(every = "${domicile.notices.look:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> send() {
        return store.unsent(clock.instant())
                .onItem()
                .transformToMulti(unsent -> Multi.createFrom().iterable(unsent))
                .onItem()
                .transformToUniAndConcatenate(this::send)
                .collect()
                .last()
                .replaceWithVoid()
                .onFailure()
                .invoke(f -> LOG.warnf("notices not looked at, will try again reason=%s", f))
                .onFailure()
                .recoverWithNull();
    }

    /** One that cannot be sent now must not keep the others waiting. */
    private Uni<Addressed> send(Addressed to) {
        return profiles.read(to.account())
                .onItem()
                .transformToMulti(profile -> Multi.createFrom().iterable(profile.identifiers()))
                .onItem()
                .transformToUniAndConcatenate(
                        identifier -> sender.send(identifier, to.notice()).replaceWith(identifier))
                .collect()
                .last()
                .flatMap(last -> fence.write(
                        to.account(), write -> store.sent(write, to.notice().id(), clock.instant())))
                .onFailure()
                .invoke(f -> LOG.infof("notice not sent now account=%s reason=%s", to.account(), f))
                .onFailure()
                .recoverWithNull()
                .replaceWith(to);
    }
}
