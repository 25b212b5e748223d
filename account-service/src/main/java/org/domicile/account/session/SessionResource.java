package org.domicile.account.session;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import java.util.List;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentitySession;
import org.domicile.account.residency.CurrentAccount;
import org.domicile.account.security.SecurityEvent;
import org.domicile.account.security.SecurityEvents;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * {@code /v1/me/sessions}: where the owner is signed in. An ended session cannot be refreshed; an access token that it has given lives
 * out its few minutes.
 */
@Path("/v1/me/sessions")
@RolesAllowed("owner")
public class SessionResource {
    private final CurrentAccount current;
    private final Identities identities;
    private final SecurityEvents events;
    private final CurrentSession session;

    @Inject
    public SessionResource(
            CurrentAccount current, Identities identities, SecurityEvents events, CurrentSession session) {
        this.current = current;
        this.identities = identities;
        this.events = events;
        this.session = session;
    }

    @GET
    public Uni<Answer> list() {
        return current.here()
                .flatMap(identities::sessions)
                .map(sessions -> new Answer(sessions.stream().map(this::shown).toList()));
    }

    /** @param id as the list has it; its own too */
    @DELETE
    @Path("/{id}")
    public Uni<Void> end(@PathParam("id") String id) {
        return current.here()
                .flatMap(account -> identities.endSession(account, known(id)).flatMap(ended -> {
                    if (!ended) {
                        throw unknown();
                    }
                    return events.add(account, SecurityEvent.Kind.SESSION_ENDED);
                }));
    }

    /** All but the one that asks: for who has lost a device, or trusts none of them. */
    @DELETE
    @Operation(summary = "Ends all sessions but the one that asks")
    public Uni<Void> endOthers() {
        return current.here().flatMap(account -> identities
                .endSessions(account, session.id())
                .flatMap(v -> events.add(account, SecurityEvent.Kind.SESSION_ENDED)));
    }

    private OwnerSession shown(IdentitySession one) {
        return new OwnerSession(
                one.id(),
                Instant.ofEpochSecond(one.startedAt()),
                Instant.ofEpochSecond(one.lastUsedAt()),
                one.clients(),
                one.id().equals(session.id()));
    }

    private static String known(String id) {
        if (id.length() > 64 || !id.matches("[A-Za-z0-9_-]+")) {
            throw unknown();
        }
        return id;
    }

    private static ProblemException unknown() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no such session: it may have ended.");
    }

    /** @param sessions newest first */
    public record Answer(List<OwnerSession> sessions) {}
}
