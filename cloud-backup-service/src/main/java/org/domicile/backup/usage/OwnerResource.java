package org.domicile.backup.usage;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.domicile.backup.repository.RepositorySummaries;
import org.domicile.backup.webdav.DavSummaries;
import org.domicile.backup.withdrawal.Withdrawals;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What an owner is told of their stored backups. */
@Path("/v1/me")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("owner")
public class OwnerResource {
    private final OwnerAnswers owner;
    private final UsageStore usage;
    private final RepositorySummaries repositories;
    private final DavSummaries webdav;
    private final Withdrawals withdrawals;

    @Inject
    public OwnerResource(
            OwnerAnswers owner,
            UsageStore usage,
            RepositorySummaries repositories,
            DavSummaries webdav,
            Withdrawals withdrawals) {
        this.owner = owner;
        this.usage = usage;
        this.repositories = repositories;
        this.webdav = webdav;
        this.withdrawals = withdrawals;
    }

    @GET
    @Path("/repositories")
    @Operation(
            summary =
                    "Every repository: snapshots, bytes, last backup, last verified, and when anything will be deleted")
    public Uni<Response> repositories() {
        return owner.answer(account -> repositories.of(account).flatMap(all -> webdav.of(account)
                        .flatMap(files -> withdrawals
                                .of(account)
                                .map(withdrawal -> new Stored(
                                        all, files, withdrawal.map(Deletion::of).orElse(null))))))
                .map(AnsweredEpochHeader::ok);
    }

    @GET
    @Path("/usage")
    @Operation(summary = "Bytes stored, being uploaded and in the trash, and the quota")
    public Uni<Response> usage() {
        return owner.answer(usage::of).map(AnsweredEpochHeader::ok);
    }
}
