package org.domicile.account.limit;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.error.ProblemException;

/**
 * Bounds the sign-ups of one network address over all instances. Each asks its own memory first, so that what comes without end costs no
 * statement.
 */
@ApplicationScoped
public class SignUpLimit {
    private final AddressLimits own;
    private final SharedBudgets shared;
    private final int perHour;

    @Inject
    public SignUpLimit(AddressLimits own, SharedBudgets shared, LimitsConfig config) {
        this.own = own;
        this.shared = shared;
        this.perHour = config.signUpsPerHour();
    }

    /**
     * @return fails with TOO_MANY_REQUESTS (429), with when to come again; for known and unknown identifiers alike
     * @throws ProblemException the same
     */
    public Uni<Void> take(Caller caller) {
        own.signUp(caller);
        return shared.take(
                "sign-ups:" + AddressLimits.network(caller.address()), perHour, "Too many requests from this address");
    }
}
