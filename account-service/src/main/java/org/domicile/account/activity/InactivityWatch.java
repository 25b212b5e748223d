package org.domicile.account.activity;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.stream.Collectors;
import org.domicile.account.erasure.Erasures;
import org.domicile.account.law.MarketLaws;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeStore;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * Gives the owners of accounts that are not used their notices, and erases what nobody came back to. Each step is one transaction
 * behind the fence, and none is taken before every service was asked whether a device of the account was there.
 */
@ApplicationScoped
public class InactivityWatch {
    private static final Logger LOG = Logger.getLogger(InactivityWatch.class);

    private final ActivityStore store;
    private final Activities activities;
    private final DeviceUses uses;
    private final NoticeStore notices;
    private final Erasures erasures;
    private final ProfileStore profiles;
    private final MarketLaws laws;
    private final Fence fence;

    @Inject
    public InactivityWatch(
            ActivityStore store,
            Activities activities,
            DeviceUses uses,
            NoticeStore notices,
            Erasures erasures,
            ProfileStore profiles,
            MarketLaws laws,
            Fence fence) {
        this.store = store;
        this.activities = activities;
        this.uses = uses;
        this.notices = notices;
        this.erasures = erasures;
        this.profiles = profiles;
        this.laws = laws;
        this.fence = fence;
    }

    /** Takes every account that is due one step further. @return how many erasures were requested */
    public Uni<Long> look(Instant now) {
        return store.due(now)
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(account -> lookAt(account, now))
                .collect()
                .with(Collectors.summingLong(erased -> erased ? 1 : 0));
    }

    /** One that is frozen, or of which a service knows nothing now, must not keep the others waiting. */
    Uni<Boolean> lookAt(AccountId account, Instant now) {
        return uses.last(account)
                .flatMap(used -> used.isPresent()
                        ? activities.active(account, used.get()).replaceWithVoid()
                        : Uni.createFrom().voidItem())
                .flatMap(v -> fence.write(account, write -> step(write, now)))
                .onFailure()
                .invoke(f -> LOG.infof("inactivity not looked at now account=%s reason=%s", account, f))
                .onFailure()
                .recoverWithItem(false);
    }

    private Uni<Boolean> step(FencedWrite write, Instant now) {
        return profiles.market(write.connection(), write.account())
                .map(laws::of)
                .flatMap(law -> store.find(write.connection(), write.account()).flatMap(state -> switch (state.next(
                        law.inactivity(), laws.inactivityNotices(), now)) {
                    case Inactivity.Step.Nothing n -> Uni.createFrom().item(false);
                    case Inactivity.Step.Notify notify ->
                        notices.add(write, Notice.inactivity(now, notify.after().eraseAt()))
                                .flatMap(v -> store.put(write, notify.after()))
                                .replaceWith(false);
                    case Inactivity.Step.Erase e -> erase(write, state);
                }));
    }

    private Uni<Boolean> erase(FencedWrite write, Inactivity state) {
        return erasures.request(write)
                .flatMap(erasure -> store.put(write, state.erasedBy(erasure.id())))
                .replaceWith(true);
    }
}
