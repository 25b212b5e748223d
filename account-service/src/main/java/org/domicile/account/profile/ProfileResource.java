package org.domicile.account.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import org.domicile.account.confirmation.Waiting;
import org.domicile.account.identity.RecentSignIn;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.ServiceIdentity;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** {@code /v1/me}: the signed-in account's profile. */
@Path("/v1/me")
@RolesAllowed("owner")
public class ProfileResource {
    private final CurrentAccount current;
    private final ProfileStore store;
    private final ProfileChanges changes;
    private final RecentSignIn signIn;
    private final ServiceIdentity identity;

    @Inject
    public ProfileResource(
            CurrentAccount current,
            ProfileStore store,
            ProfileChanges changes,
            RecentSignIn signIn,
            ServiceIdentity identity) {
        this.current = current;
        this.store = store;
        this.changes = changes;
        this.signIn = signIn;
        this.identity = identity;
    }

    @GET
    public Uni<Me> read() {
        return current.here().flatMap(account -> store.read(account).map(profile -> me(account, profile)));
    }

    /** Another e-mail address or phone number needs a sign-in of the last minutes: a stolen token must not be enough. */
    @PATCH
    @Operation(
            summary =
                    "Changes the profile; 202 with what waits for a code: a new e-mail address or phone number, coming"
                            + " of age")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Me.class)))
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = Changed.class)))
    public Uni<RestResponse<Changed>> change(@NotNull @Valid ProfileChange change) {
        return current.here().flatMap(account -> {
            if (change.changesIdentifiers()) {
                signIn.require();
            }
            return changes.apply(account, change)
                    .map(outcome -> RestResponse.status(
                            outcome.waiting().isEmpty() ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED,
                            new Changed(me(account, outcome.profile()), outcome.waiting())));
        });
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

    /** @param waiting what was asked for and waits for a code; absent where nothing does */
    public record Changed(
            @JsonUnwrapped Me me,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Waiting> waiting) {}
}
