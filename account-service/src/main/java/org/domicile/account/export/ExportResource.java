package org.domicile.account.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import java.util.UUID;
import org.domicile.account.residency.CurrentAccount;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestMulti;

/** {@code /v1/me/export}: everything that every service holds about the account, in one archive. */
@Path("/v1/me/export")
@RolesAllowed("owner")
public class ExportResource {
    private final CurrentAccount current;
    private final Exports exports;

    @Inject
    public ExportResource(CurrentAccount current, Exports exports) {
        this.current = current;
        this.exports = exports;
    }

    @POST
    @ResponseStatus(202)
    public Uni<Answer> order() {
        return current.here().flatMap(exports::order).map(Answer::of);
    }

    @GET
    @Path("/{id}")
    public Uni<Answer> read(@PathParam("id") UUID id) {
        return current.here().flatMap(account -> exports.get(account, id)).map(Answer::of);
    }

    @GET
    @Path("/{id}/archive")
    @Produces("application/zip")
    public Multi<byte[]> archive(@PathParam("id") UUID id) {
        return RestMulti.fromUniResponse(
                current.here().flatMap(account -> exports.archive(account, id)), pieces -> pieces);
    }

    /**
     * @param state ORDERED or READY
     * @param deadline when the law wants it ready
     * @param expiresAt until when it can be fetched
     * @param sha256 of the archive, hex
     * @param status where to ask for its state
     * @param archive where to fetch it, once it is ready
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Answer(
            UUID exportId,
            Export.State state,
            Instant requestedAt,
            Instant deadline,
            Instant expiresAt,
            Long bytes,
            String sha256,
            String status,
            String archive) {
        static Answer of(Export export) {
            var status = "/v1/me/export/" + export.id();
            return new Answer(
                    export.id(),
                    export.state(),
                    export.requestedAt(),
                    export.deadline(),
                    export.expiresAt(),
                    export.bytes(),
                    export.sha256(),
                    status,
                    export.state() == Export.State.READY ? status + "/archive" : null);
        }
    }
}
