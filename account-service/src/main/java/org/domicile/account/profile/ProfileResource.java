package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import java.time.Instant;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.region.ServiceIdentity;

/** {@code /v1/me}: the signed-in account's profile. */
@Path("/v1/me")
@RolesAllowed("owner")
public class ProfileResource {
    private final CurrentAccount current;
    private final ProfileStore store;
    private final Fence fence;
    private final ServiceIdentity identity;

    @Inject
    public ProfileResource(CurrentAccount current, ProfileStore store, Fence fence, ServiceIdentity identity) {
        this.current = current;
        this.store = store;
        this.fence = fence;
        this.identity = identity;
    }

    @GET
    public Uni<Me> read() {
        return current.here().flatMap(account -> store.read(account).map(profile -> me(account, profile)));
    }

    @PATCH
    public Uni<Me> change(@NotNull @Valid ProfileChange change) {
        return current.here().flatMap(account -> fence.write(account, write -> store.change(write, change))
                .map(profile -> me(account, profile)));
    }

    private Me me(AccountId account, Profile profile) {
        return new Me(
                account,
                identity.region(),
                profile.market(),
                profile.email(),
                profile.phone(),
                profile.displayName(),
                profile.locale(),
                profile.openedAt());
    }

    /** The answer of {@code /v1/me}. */
    public record Me(
            AccountId accountId,
            String homeRegion,
            String market,
            String email,
            String phone,
            String displayName,
            String locale,
            Instant openedAt) {
        @Override
        public String toString() {
            return "Me[accountId=" + accountId + "]";
        }
    }
}
