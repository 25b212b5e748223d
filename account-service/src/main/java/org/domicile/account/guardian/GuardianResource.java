package org.domicile.account.guardian;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.util.UUID;
import org.domicile.account.confirmation.CodeGiven;
import org.domicile.account.confirmation.ConfirmedChanges.Confirmed;
import org.domicile.account.confirmation.Waiting;
import org.domicile.account.limit.AddressLimits;
import org.domicile.account.limit.Caller;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/**
 * {@code /v1/guardians/{accountId}}: what a guardian does, who needs no account: codes sent to them prove who they are. An account that
 * has no guardian, or does not exist, is answered alike.
 */
@Path("/v1/guardians/{accountId}")
public class GuardianResource {
    private final Guardians guardians;
    private final AddressLimits limits;

    @Inject
    public GuardianResource(Guardians guardians, AddressLimits limits) {
        this.guardians = guardians;
        this.limits = limits;
    }

    @POST
    @Path("/confirmations/{confirmationId}")
    @Operation(summary = "The guardian agrees, with the code that they were sent")
    public Uni<Confirmed> confirm(
            @PathParam("accountId") UUID account,
            @PathParam("confirmationId") UUID id,
            @NotNull CodeGiven given,
            @Context HttpServerRequest request) {
        limits.confirmation(Caller.of(request));
        return guardians.confirm(new AccountId(account), id, given.code());
    }

    @POST
    @Path("/withdrawals")
    @ResponseStatus(202)
    @Operation(summary = "The guardian wants a feature off: they are sent a code, and confirm with it")
    public Uni<Waiting> withdraw(
            @PathParam("accountId") UUID account,
            @NotNull @Valid Withdrawal withdrawal,
            @Context HttpServerRequest request) {
        limits.confirmation(Caller.of(request));
        return guardians.withdraw(new AccountId(account), withdrawal.feature());
    }

    /** @param feature to switch off */
    public record Withdrawal(@NotNull Feature feature) {}
}
