package org.domicile.messaging.relay;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.Newcomers;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;

/**
 * Where an account's messages are. The fence row decides before the directory: the new home opens its fence before its
 * own projection of the directory has the move.
 */
@ApplicationScoped
public class Homes {
    private final Fence fence;
    private final Newcomers newcomers;
    private final Residencies residencies;

    @Inject
    public Homes(Fence fence, Newcomers newcomers, Residencies residencies) {
        this.fence = fence;
        this.newcomers = newcomers;
        this.residencies = residencies;
    }

    /**
     * The region to relay to; empty if that is this one, or if nobody knows the account.
     *
     * @return fails with UNAVAILABLE (503) while a move has left this region and the directory does not say so yet
     */
    public Uni<Optional<String>> elsewhere(AccountId account) {
        return newcomers
                .known(account)
                .chain(() -> fence.row(account))
                .flatMap(row -> row.mode() == FenceMode.OWN
                        ? Uni.createFrom().item(Optional.empty())
                        : residencies.elsewhere(account).map(found -> {
                            if (found.isEmpty() && isCopy(row.mode())) {
                                throw new ProblemException(
                                        ErrorCode.UNAVAILABLE,
                                        "The account is being moved: try again in a second.",
                                        Map.of("retryAfter", 1));
                            }
                            return found.map(Residency::home);
                        }));
    }

    private static boolean isCopy(FenceMode mode) {
        return mode == FenceMode.SHADOW || mode == FenceMode.CLOSED;
    }
}
