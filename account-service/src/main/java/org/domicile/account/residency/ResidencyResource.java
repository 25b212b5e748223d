package org.domicile.account.residency;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import org.domicile.account.profile.ProfileStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;

/** {@code GET /v1/me/residency}: where the account lives and has lived. */
@Path("/v1/me/residency")
@RolesAllowed("owner")
public class ResidencyResource {
    private final CurrentAccount current;
    private final Residencies residencies;
    private final ProfileStore profiles;
    private final Fence fence;
    private final ServiceIdentity identity;

    @Inject
    public ResidencyResource(
            CurrentAccount current,
            Residencies residencies,
            ProfileStore profiles,
            Fence fence,
            ServiceIdentity identity) {
        this.current = current;
        this.residencies = residencies;
        this.profiles = profiles;
        this.fence = fence;
        this.identity = identity;
    }

    @GET
    public Uni<Answer> read() {
        return current.here().flatMap(account -> fence.row(account)
                .flatMap(row -> residencies.of(account).flatMap(known -> profiles.openedAt(account)
                        .map(openedAt -> new Answer(
                                account,
                                identity.region(),
                                row.epoch(),
                                row.mode() == FenceMode.FROZEN,
                                known.map(r -> moved(r, openedAt))
                                        .orElseGet(() -> List.of(new Stay(identity.region(), openedAt))))))));
    }

    private static List<Stay> moved(Residency residency, Instant openedAt) {
        return List.of(new Stay(residency.previous(), openedAt), new Stay(residency.home(), residency.since()));
    }

    /**
     * @param frozen true while a move pauses writes
     * @param history oldest first; of an account that moved more than once, the stay before the present one and the present one
     */
    public record Answer(AccountId accountId, String homeRegion, long epoch, boolean frozen, List<Stay> history) {}

    /** @param since when the account came to live in the region; of the oldest stay listed, when it was opened */
    public record Stay(String region, Instant since) {}
}
