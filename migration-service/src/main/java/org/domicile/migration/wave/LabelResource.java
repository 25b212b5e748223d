package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.domicile.platform.account.AccountId;

/** Labels, by which a wave's selector finds accounts. */
@Path("/v1/labels/{label}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("operator")
public class LabelResource {
    private final LabelStore labels;

    @Inject
    public LabelResource(LabelStore labels) {
        this.labels = labels;
    }

    /** @param accounts to add; those that carry the label already stay */
    public record Wanted(@NotNull List<AccountId> accounts) {}

    /** @param accounts that carry the label now */
    public record Labelled(String label, long accounts) {}

    @PUT
    public Uni<Labelled> add(@PathParam("label") String label, @NotNull @Valid Wanted wanted) {
        return labels.add(label, wanted.accounts()).map(accounts -> new Labelled(label, accounts));
    }

    @DELETE
    public Uni<Void> remove(@PathParam("label") String label) {
        return labels.remove(label);
    }
}
