package org.domicile.account.guardian;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Instant;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code GET /v1/me/guardian}: who confirms for the signed-in account, and until when at most. */
@Path("/v1/me/guardian")
@RolesAllowed("owner")
public class OwnGuardianResource {
    private final CurrentAccount current;
    private final GuardianStore store;

    @Inject
    public OwnGuardianResource(CurrentAccount current, GuardianStore store) {
        this.current = current;
        this.store = store;
    }

    @GET
    @Operation(summary = "Who confirms for a minor; 404 for an account that has no guardian")
    public Uni<Answer> read() {
        return current.here().flatMap(store::find).map(found -> found.map(
                        g -> new Answer(g.identifier().value(), g.since(), g.endsAt()))
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "This account has no guardian.")));
    }

    /**
     * @param guardian e-mail address or phone number
     * @param endsAt when the guardian ends without being asked
     */
    public record Answer(String guardian, Instant since, Instant endsAt) {
        @Override
        public String toString() {
            return "Answer[redacted]";
        }
    }
}
