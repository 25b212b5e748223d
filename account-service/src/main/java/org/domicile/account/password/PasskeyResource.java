package org.domicile.account.password;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityPasskey;
import org.domicile.account.identity.RecentSignIn;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.account.security.SecurityEvent;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /v1/me/passkeys}: the passkeys that sign in to the account. They are added on the identity provider's page. */
@Path("/v1/me/passkeys")
@RolesAllowed("owner")
public class PasskeyResource {
    private final CurrentAccount current;
    private final RecentSignIn recent;
    private final Identities identities;
    private final SecurityEvents events;
    private final Fence fence;

    @Inject
    public PasskeyResource(
            CurrentAccount current, RecentSignIn recent, Identities identities, SecurityEvents events, Fence fence) {
        this.current = current;
        this.recent = recent;
        this.identities = identities;
        this.events = events;
        this.fence = fence;
    }

    @GET
    public Uni<Answer> list() {
        return current.here()
                .flatMap(identities::passkeys)
                .map(passkeys ->
                        new Answer(passkeys.stream().map(PasskeyResource::shown).toList()));
    }

    /** @param id as the list has it */
    @DELETE
    @Path("/{id}")
    @Operation(
            summary =
                    "Removes a passkey, after a sign-in of the last minutes; sessions that it began go on until ended")
    public Uni<Void> remove(@PathParam("id") UUID id) {
        recent.require();
        return current.here().flatMap(account -> fence.write(account, write -> remove(write, id)));
    }

    private Uni<Void> remove(FencedWrite write, UUID id) {
        return events.add(write, SecurityEvent.Kind.CREDENTIAL_REMOVED)
                .flatMap(v -> identities.removePasskey(write.account(), id, write.epoch()))
                .invoke(removed -> {
                    if (!removed) {
                        throw new ProblemException(
                                ErrorCode.NOT_FOUND, "There is no such passkey: it may have been removed.");
                    }
                })
                .replaceWithVoid();
    }

    private static Passkey shown(IdentityPasskey passkey) {
        return new Passkey(passkey.id(), passkey.label(), Instant.ofEpochMilli(passkey.addedAt()));
    }

    /** @param label as the owner typed it when it was added */
    public record Passkey(UUID id, String label, Instant addedAt) {}

    /** @param passkeys in the order in which they are preferred */
    public record Answer(List<Passkey> passkeys) {}
}
