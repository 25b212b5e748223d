package org.domicile.account.security;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.domicile.account.residency.CurrentAccount;

/** {@code GET /v1/me/security-events}: sign-ins, failures and changes of rights of the last 90 days. */
@Path("/v1/me/security-events")
@RolesAllowed("owner")
public class SecurityEventResource {
    private final CurrentAccount current;
    private final SecurityEvents events;

    @Inject
    public SecurityEventResource(CurrentAccount current, SecurityEvents events) {
        this.current = current;
        this.events = events;
    }

    @GET
    public Uni<Answer> list() {
        return current.here().flatMap(events::of).map(Answer::new);
    }

    /** @param events newest first */
    public record Answer(List<SecurityEvent> events) {}
}
