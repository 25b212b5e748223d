package org.domicile.backup.usage;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.function.Function;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.fence.Homes;

/** Answers the signed-in owner at the account's home, with its epoch; anywhere else with 421. */
@RequestScoped
public class OwnerAnswers {
    private final SecurityIdentity identity;
    private final RoutingContext routing;
    private final Homes homes;

    @Inject
    public OwnerAnswers(SecurityIdentity identity, RoutingContext routing, Homes homes) {
        this.identity = identity;
        this.routing = routing;
        this.homes = homes;
    }

    OwnerAnswers() {
        this.identity = null;
        this.routing = null;
        this.homes = null;
    }

    /** @param read what to answer; not asked in another region */
    public <T> Uni<AtEpoch<T>> answer(Function<AccountId, Uni<T>> read) {
        var account = account();
        return homes.here(account, EpochHeader.known(routing.request().getHeader(EpochHeader.NAME)))
                .flatMap(row -> read.apply(account).map(body -> new AtEpoch<>(body, row.epoch())));
    }

    private AccountId account() {
        try {
            return AccountId.parse(identity.getPrincipal().getName());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in as the owner of an account.");
        }
    }
}
