package org.domicile.backup.usage;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.function.Function;
import org.domicile.backup.repository.RepositorySummaries;
import org.domicile.backup.webdav.DavSummaries;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.residency.Residencies;

/** What an owner is told of their stored backups. */
@Path("/v1/me")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("owner")
public class OwnerResource {
    private final SecurityIdentity identity;
    private final Residencies residencies;
    private final Fence fence;
    private final UsageStore usage;
    private final RepositorySummaries repositories;
    private final DavSummaries webdav;

    @Inject
    public OwnerResource(
            SecurityIdentity identity,
            Residencies residencies,
            Fence fence,
            UsageStore usage,
            RepositorySummaries repositories,
            DavSummaries webdav) {
        this.identity = identity;
        this.residencies = residencies;
        this.fence = fence;
        this.usage = usage;
        this.repositories = repositories;
        this.webdav = webdav;
    }

    @GET
    @Path("/repositories")
    public Uni<Response> repositories() {
        return answer(account -> repositories.of(account).flatMap(all -> webdav.of(account)
                .map(files -> Map.of("repositories", all, "webdav", files))));
    }

    @GET
    @Path("/usage")
    public Uni<Response> usage() {
        return answer(usage::of);
    }

    private <T> Uni<Response> answer(Function<AccountId, Uni<T>> read) {
        var account = account();
        return residencies.elsewhere(account).flatMap(elsewhere -> {
            if (elsewhere.isPresent()) {
                return Uni.createFrom().failure(residencies.wrongRegion(elsewhere.get()));
            }
            return read.apply(account).flatMap(body -> fence.row(account).map(row -> Response.ok(body)
                    .header("Domicile-Epoch", row.epoch())
                    .build()));
        });
    }

    private AccountId account() {
        try {
            return AccountId.parse(identity.getPrincipal().getName());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in as the owner of an account.");
        }
    }
}
