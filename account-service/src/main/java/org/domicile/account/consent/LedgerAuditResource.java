package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** {@code GET /v1/consents/verification}: an auditor walks every ledger of the region and is told the first broken link of each. */
@Path("/v1/consents/verification")
@RolesAllowed({"auditor", "operator"})
public class LedgerAuditResource {
    private final LedgerAudit audit;

    @Inject
    public LedgerAuditResource(LedgerAudit audit) {
        this.audit = audit;
    }

    /** @param after {@code next} of the page before */
    @GET
    public Uni<LedgerAudit.Page> walk(@QueryParam("after") String after) {
        return audit.page(AuditPosition.parse(after));
    }
}
