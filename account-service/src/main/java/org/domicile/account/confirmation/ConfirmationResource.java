package org.domicile.account.confirmation;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.util.UUID;
import org.domicile.account.confirmation.ConfirmedChanges.Confirmed;
import org.domicile.account.limit.AddressLimits;
import org.domicile.account.limit.Caller;
import org.domicile.account.residency.CurrentAccount;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /v1/me/confirmations}: the codes that changes of the signed-in account wait for. */
@Path("/v1/me/confirmations")
@RolesAllowed("owner")
public class ConfirmationResource {
    private final CurrentAccount current;
    private final ConfirmedChanges changes;
    private final AddressLimits limits;

    @Inject
    public ConfirmationResource(CurrentAccount current, ConfirmedChanges changes, AddressLimits limits) {
        this.current = current;
        this.changes = changes;
        this.limits = limits;
    }

    /** A guardian's code is good here too: a code is the proof, whoever types it. */
    @POST
    @Path("/{confirmationId}")
    @Operation(summary = "Gives the code that the new e-mail address or phone number, or the guardian, was sent")
    public Uni<Confirmed> confirm(
            @PathParam("confirmationId") UUID id, @NotNull CodeGiven given, @Context HttpServerRequest request) {
        limits.confirmation(Caller.of(request));
        return current.here().flatMap(account -> changes.confirm(account, id, given.code(), false));
    }
}
