package org.domicile.backup.usage;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.function.Function;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.residency.Residencies;

/** Answers the signed-in owner at the account's home, with its epoch; anywhere else with 421. */
@RequestScoped
public class OwnerAnswers {
    private final SecurityIdentity identity;
    private final Residencies residencies;
    private final Fence fence;

    @Inject
    public OwnerAnswers(SecurityIdentity identity, Residencies residencies, Fence fence) {
        this.identity = identity;
        this.residencies = residencies;
        this.fence = fence;
    }

    OwnerAnswers() {
        this.identity = null;
        this.residencies = null;
        this.fence = null;
    }

    /** @param read what to answer; not asked in another region */
    public <T> Uni<AtEpoch<T>> answer(Function<AccountId, Uni<T>> read) {
        var account = account();
        return residencies.elsewhere(account).flatMap(elsewhere -> {
            if (elsewhere.isPresent()) {
                return Uni.createFrom().failure(residencies.wrongRegion(elsewhere.get()));
            }
            return read.apply(account).flatMap(body -> fence.row(account).map(row -> new AtEpoch<>(body, row.epoch())));
        });
    }

    private AccountId account() {
        try {
            return AccountId.parse(identity.getPrincipal().getName());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in as the owner of an account.");
        }
    }
}
