package org.domicile.account.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.domicile.account.identity.RecentSignIn;
import org.domicile.account.law.AccountLaws;
import org.domicile.account.law.MarketLaw;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.key.KeysConfig;
import org.jboss.resteasy.reactive.ResponseStatus;

/** {@code DELETE /v1/me}: the account is erased, in every service and region, once the grace is over. */
@Path("/v1/me")
@RolesAllowed("owner")
public class ErasureResource {
    private final CurrentAccount current;
    private final RecentSignIn signIn;
    private final Erasures erasures;
    private final ProfileStore profiles;
    private final AccountLaws laws;
    private final ErasureConfig list;
    private final KeysConfig keys;

    @Inject
    public ErasureResource(
            CurrentAccount current,
            RecentSignIn signIn,
            Erasures erasures,
            ProfileStore profiles,
            AccountLaws laws,
            ErasureConfig list,
            KeysConfig keys) {
        this.current = current;
        this.signIn = signIn;
        this.erasures = erasures;
        this.profiles = profiles;
        this.laws = laws;
        this.list = list;
        this.keys = keys;
    }

    /** Repeatable. Needs a sign-in of the last minutes: a stolen token must not be enough. */
    @DELETE
    @ResponseStatus(202)
    public Uni<Answer> erase() {
        return current.here().flatMap(account -> {
            signIn.require();
            // the market is read first: an erasure without grace may be over before the answer is made
            return law(account).flatMap(law -> erasures.request(account).map(erasure -> answer(erasure, law)));
        });
    }

    @GET
    @Path("/erasure")
    public Uni<Answer> read() {
        return current.here().flatMap(account -> erasures.of(account)
                .map(erasure -> erasure.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "No erasure was asked for.")))
                .flatMap(erasure -> law(account).map(law -> answer(erasure, law))));
    }

    /** Takes it back, within the grace. */
    @DELETE
    @Path("/erasure")
    public Uni<Void> cancel() {
        return current.here().flatMap(erasures::cancel).replaceWithVoid();
    }

    private Uni<MarketLaw> law(AccountId account) {
        return profiles.market(account).flatMap(market -> laws.of(account, market));
    }

    private Answer answer(Erasure erasure, MarketLaw law) {
        return new Answer(
                erasure.id(),
                erasure.state(),
                erasure.requestedAt(),
                erasure.effectiveAt(),
                erasure.state() == ErasureState.SCHEDULED ? erasure.effectiveAt() : null,
                erasure.deadline(),
                "/v1/erasures/" + erasure.id(),
                Retained.under(law, list, keys));
    }

    /**
     * @param effectiveAt when it begins and cannot be taken back any more
     * @param cancelUntil until then {@code DELETE /v1/me/erasure} takes it back; absent once it cannot be
     * @param deadline when the law wants it done
     * @param status where to ask, without signing in, whether it is done
     * @param retained what stays, why, and how long
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Answer(
            UUID erasureId,
            ErasureState state,
            Instant requestedAt,
            Instant effectiveAt,
            Instant cancelUntil,
            Instant deadline,
            String status,
            List<Retained> retained) {}
}
