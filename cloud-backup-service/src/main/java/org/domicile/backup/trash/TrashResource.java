package org.domicile.backup.trash;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.backup.usage.AnsweredEpochHeader;
import org.domicile.backup.usage.OwnerAnswers;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The owner's view of what their clients deleted. */
@Path("/v1/me/repositories/{repository}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("owner")
public class TrashResource {
    private final OwnerAnswers owner;
    private final Trash trash;

    @Inject
    public TrashResource(OwnerAnswers owner, Trash trash) {
        this.owner = owner;
        this.trash = trash;
    }

    @GET
    @Path("/trash")
    @Operation(summary = "What clients deleted and can be restored, with the instant from which it is gone")
    public Uni<Response> list(
            @PathParam("repository") String repository,
            @QueryParam("after") UUID after,
            @QueryParam("limit") @DefaultValue("1000") @Min(1) @Max(10_000) int limit) {
        return owner.answer(account ->
                        trash.list(account, RepositoryName.parse(repository), Optional.ofNullable(after), limit))
                .map(AnsweredEpochHeader::ok);
    }

    @POST
    @Path("/restore")
    @Operation(summary = "Brings back what was deleted at or after `since`, or everything in the trash")
    public Uni<Response> restore(@PathParam("repository") String repository, RestoreOrder order) {
        var since = order == null || order.since() == null ? Instant.EPOCH : order.since();
        return owner.answer(account -> trash.restore(account, RepositoryName.parse(repository), since))
                .map(AnsweredEpochHeader::ok);
    }
}
