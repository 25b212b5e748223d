package org.domicile.platform.note;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.domicile.platform.account.AccountId;

/** A small API, to see what a caller sees when something is wrong. */
@Path("/notes/{account}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class NoteResource {
    private final Notes notes;

    @Inject
    public NoteResource(Notes notes) {
        this.notes = notes;
    }

    /** A note to write. */
    public record Draft(@NotBlank String id, Integer pages) {}

    /** A note that was written. */
    public record Written(String id, long version) {}

    @POST
    public Uni<Written> write(@PathParam("account") String account, @Valid Draft draft) {
        return notes.write(AccountId.parse(account), draft.id()).map(version -> new Written(draft.id(), version));
    }

    @GET
    @Path("/secret")
    @RolesAllowed("operator")
    public String secret() {
        return "{}";
    }

    @GET
    @Path("/broken")
    public String broken() {
        throw new IllegalStateException("a defect");
    }
}
