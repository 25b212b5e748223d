package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import org.domicile.backup.usage.AnsweredEpochHeader;
import org.domicile.backup.usage.OwnerAnswers;

/** The owner's view of what WebDAV clients deleted or replaced. */
@Path("/v1/me/webdav/trash")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("owner")
public class DavTrashResource {
    private final OwnerAnswers owner;
    private final DavTrash trash;

    @Inject
    public DavTrashResource(OwnerAnswers owner, DavTrash trash) {
        this.owner = owner;
        this.trash = trash;
    }

    /** The latest deleted first, at most 1,000. */
    @GET
    public Uni<Response> list() {
        return owner.answer(account -> trash.list(account).map(all -> Map.of("trash", all)))
                .map(AnsweredEpochHeader::ok);
    }

    /** Puts it back below {@code /dav/}; answers with its path. */
    @POST
    @Path("/{id}/restore")
    public Uni<Response> restore(@PathParam("id") UUID id) {
        return owner.answer(account -> trash.restore(account, id).map(path -> Map.of("path", path)))
                .map(AnsweredEpochHeader::ok);
    }
}
