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
import java.util.List;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.tlog.LogProof;

/**
 * Receipts: as signed (compact JWS, EdDSA, whose key is the issuing region's on the region list), and as a file that proves the
 * receipt's place in the region's transparency log too (C2SP tlog-proof).
 */
@Path("/v1/receipts")
public class ReceiptResource {
    private static final int MOST = 1_000;

    private final ReceiptStore store;
    private final ReceiptProofs proofs;
    private final SecurityIdentity caller;

    @Inject
    public ReceiptResource(ReceiptStore store, ReceiptProofs proofs, SecurityIdentity caller) {
        this.store = store;
        this.proofs = proofs;
        this.caller = caller;
    }

    /** @param issuedAt RFC 3339 */
    public record Listed(UUID id, String kind, String issuedAt) {}

    /** The caller's own, the newest first, at most 1,000. */
    @GET
    @RolesAllowed("owner")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<List<Listed>> list() {
        return store.of(AccountId.parse(caller.getPrincipal().getName()), MOST).map(all -> all.stream()
                .map(r -> new Listed(
                        r.id(), r.kind(), SignedDocument.claimedPayload(r.jws()).getString("issuedAt")))
                .toList());
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"operator", "auditor", "owner"})
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<String> get(@PathParam("id") UUID id) {
        return find(id).map(Receipt::jws);
    }

    @GET
    @Path("{id}/proof")
    @RolesAllowed({"operator", "auditor", "owner"})
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<String> proof(@PathParam("id") UUID id) {
        return find(id).flatMap(proofs::of).map(LogProof::toString);
    }

    private Uni<Receipt> find(UUID id) {
        return store.find(id).map(found -> found.filter(this::visible)
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such receipt here.")));
    }

    private boolean visible(Receipt receipt) {
        return caller.hasRole("operator")
                || caller.hasRole("auditor")
                || caller.getPrincipal().getName().equals(receipt.account().toString());
    }
}
