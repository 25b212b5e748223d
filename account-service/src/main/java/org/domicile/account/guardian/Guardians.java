package org.domicile.account.guardian;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import org.domicile.account.confirmation.Confirmations;
import org.domicile.account.confirmation.ConfirmedChanges;
import org.domicile.account.confirmation.ConfirmedChanges.Confirmed;
import org.domicile.account.confirmation.Waiting;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.Homes;

/** What guardians ask for, without a sign-in, of accounts that live here. */
@ApplicationScoped
public class Guardians {
    private final Homes homes;
    private final GuardianStore store;
    private final Confirmations confirmations;
    private final ConfirmedChanges changes;

    @Inject
    public Guardians(Homes homes, GuardianStore store, Confirmations confirmations, ConfirmedChanges changes) {
        this.homes = homes;
        this.store = store;
        this.confirmations = confirmations;
        this.changes = changes;
    }

    Uni<Confirmed> confirm(AccountId account, UUID id, String code) {
        return of(account)
                .flatMap(guardian -> guardian.isPresent()
                        ? changes.confirm(account, id, code, true)
                        : Uni.createFrom().failure(Confirmations.wrong()));
    }

    /** Too many codes in an hour are not told either: nothing is sent then. */
    Uni<Waiting> withdraw(AccountId account, Feature feature) {
        return of(account)
                .flatMap(guardian -> guardian.map(g -> confirmations.withdrawal(account, g.identifier(), feature))
                        .orElseGet(() -> Uni.createFrom().item(confirmations.pretended(feature))))
                .onFailure(f -> f instanceof ProblemException problem && problem.code() == ErrorCode.TOO_MANY_REQUESTS)
                .recoverWithItem(() -> confirmations.pretended(feature));
    }

    /** @return fails with WRONG_REGION (421) if the account lives elsewhere */
    private Uni<Optional<Guardian>> of(AccountId account) {
        return homes.here(account, 0)
                .flatMap(row -> row.mode() == FenceMode.OWN || row.mode() == FenceMode.FROZEN
                        ? store.find(account)
                        : Uni.createFrom().item(Optional.empty()));
    }
}
