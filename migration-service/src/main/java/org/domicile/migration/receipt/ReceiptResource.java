package org.domicile.migration.receipt;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** A receipt, as signed: compact JWS (EdDSA), whose key is the issuing region's on the region list. */
@Path("/v1/receipts")
public class ReceiptResource {
    private final ReceiptStore store;
    private final SecurityIdentity caller;

    @Inject
    public ReceiptResource(ReceiptStore store, SecurityIdentity caller) {
        this.store = store;
        this.caller = caller;
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"operator", "auditor", "owner"})
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<String> get(@PathParam("id") UUID id) {
        return store.find(id).map(found -> found.filter(this::visible)
                .map(Receipt::jws)
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such receipt here.")));
    }

    private boolean visible(Receipt receipt) {
        return caller.hasRole("operator")
                || caller.hasRole("auditor")
                || caller.getPrincipal().getName().equals(receipt.account().toString());
    }
}
