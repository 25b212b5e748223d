package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/** {@code GET /v1/consents/verification}: an auditor walks every ledger of the region and is told the first broken link of each. */
@Path("/v1/consents/verification")
@RolesAllowed({"auditor", "operator"})
public class LedgerAuditResource {
    private static final UUID FIRST = new UUID(0, 0);

    private final LedgerAudit audit;

    @Inject
    public LedgerAuditResource(LedgerAudit audit) {
        this.audit = audit;
    }

    /** @param after {@code next} of the page before */
    @GET
    public Uni<LedgerAudit.Page> walk(@QueryParam("after") UUID after) {
        return audit.page(new AccountId(after == null ? FIRST : after));
    }
}
