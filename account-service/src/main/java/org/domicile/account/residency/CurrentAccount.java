package org.domicile.account.residency;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.OptionalLong;
import org.domicile.account.activity.Activities;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.residency.Residencies;

/** The account that the request's token is about, and the epoch that the answer carries. */
@RequestScoped
public class CurrentAccount {
    private static final int RETRY_SECONDS = 1;

    private final SecurityIdentity identity;
    private final RoutingContext routing;
    private final Homes homes;
    private final Residencies residencies;
    private final Fence fence;
    private final Activities activities;
    private long epoch = -1;

    @Inject
    public CurrentAccount(
            SecurityIdentity identity,
            RoutingContext routing,
            Homes homes,
            Residencies residencies,
            Fence fence,
            Activities activities) {
        this.identity = identity;
        this.routing = routing;
        this.homes = homes;
        this.residencies = residencies;
        this.fence = fence;
        this.activities = activities;
    }

    /**
     * The account, if it lives here; a frozen one does.
     *
     * @return fails with WRONG_REGION (421), NOT_FOUND (404) after a purge, UNAVAILABLE (503) while it is not known or not home
     */
    public Uni<AccountId> here() {
        var account = id();
        return homes.find(account, EpochHeader.known(routing.request().getHeader(EpochHeader.NAME)))
                .flatMap(place -> {
                    place.elsewhere().ifPresent(home -> {
                        epoch = home.epoch();
                        throw residencies.wrongRegion(home);
                    });
                    return place.fence() == FenceRow.MISSING
                            ? fence.row(account)
                            : Uni.createFrom().item(place.fence());
                })
                .map(row -> readable(account, row));
    }

    private AccountId readable(AccountId account, FenceRow row) {
        epoch = row.epoch();
        requireReadable(row);
        activities.seen(account);
        return account;
    }

    /** For {@code Domicile-Epoch}; empty if the request is about no account. */
    OptionalLong epoch() {
        return epoch < 0 ? OptionalLong.empty() : OptionalLong.of(epoch);
    }

    private AccountId id() {
        try {
            return AccountId.parse(identity.getPrincipal().getName());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in with an account.");
        }
    }

    private static void requireReadable(FenceRow row) {
        if (row.isTombstone()) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such account in this region.");
        }
        if (row.mode() != FenceMode.OWN && row.mode() != FenceMode.FROZEN) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE,
                    "The account is not at home here yet: try again in a second.",
                    Map.of("retryAfter", RETRY_SECONDS));
        }
    }
}
