package org.domicile.account.erasure;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** {@code GET /v1/erasures/{id}}: for someone who has no account any more; the id, which only they were given, is the right to ask. */
@Path("/v1/erasures")
public class ErasureStatusResource {
    private final Erasures erasures;

    @Inject
    public ErasureStatusResource(Erasures erasures) {
        this.erasures = erasures;
    }

    @GET
    @Path("/{id}")
    public Uni<Erasures.Status> read(@PathParam("id") UUID id) {
        return erasures.status(id);
    }
}
