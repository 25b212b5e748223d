package org.domicile.account.activity;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Instant;
import org.domicile.account.law.MarketLaws;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.account.AccountId;

/** {@code /v1/me/activity}: until when the account is kept if nobody uses it; {@code POST} keeps it for another whole period. */
@Path("/v1/me/activity")
@RolesAllowed("owner")
public class ActivityResource {
    private final CurrentAccount current;
    private final Activities activities;
    private final ActivityStore store;
    private final ProfileStore profiles;
    private final MarketLaws laws;
    private final Clock clock;

    @Inject
    public ActivityResource(
            CurrentAccount current,
            Activities activities,
            ActivityStore store,
            ProfileStore profiles,
            MarketLaws laws,
            Clock clock) {
        this.current = current;
        this.activities = activities;
        this.store = store;
        this.profiles = profiles;
        this.laws = laws;
        this.clock = clock;
    }

    @GET
    public Uni<Answer> read() {
        return current.here().flatMap(account -> store.find(account).flatMap(state -> answer(account, state)));
    }

    /** Takes an erasure for inactivity back, too, while that can be. */
    @POST
    public Uni<Answer> extend() {
        return current.here()
                .flatMap(account ->
                        activities.active(account, clock.instant()).flatMap(state -> answer(account, state)));
    }

    private Uni<Answer> answer(AccountId account, Inactivity state) {
        return profiles.market(account)
                .map(laws::of)
                .map(law -> new Answer(state.at(), state.end(law.inactivity()), state.notices()));
    }

    /**
     * @param activeAt when the account was last used, to the week
     * @param erasedAt when it is erased unless it is used again
     * @param notices how many were given since
     */
    public record Answer(Instant activeAt, Instant erasedAt, int notices) {}
}
