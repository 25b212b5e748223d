package org.domicile.messaging.inbox;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.EpochHeader;

/** Device-to-device messages: publishing one's own inbox, and finding another's. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed("owner")
public class InboxResource {
    private final SecurityIdentity identity;
    private final Inboxes inboxes;
    private final Lookups lookups;
    private final DiscoveryBudget budget;

    @Inject
    public InboxResource(SecurityIdentity identity, Inboxes inboxes, Lookups lookups, DiscoveryBudget budget) {
        this.identity = identity;
        this.inboxes = inboxes;
        this.lookups = lookups;
        this.budget = budget;
    }

    @PUT
    @Path("/me/inbox")
    public Uni<Response> publish(Inbox inbox) {
        return inboxes.publish(account(), required(inbox))
                .map(epoch -> Response.ok(inbox).header(EpochHeader.NAME, epoch).build());
    }

    @POST
    @Path("/directory/lookup")
    public Uni<Directory> lookup(LookupQuery query) {
        var account = account();
        required(query).check();
        return budget.spend(account).chain(() -> lookups.everywhere(query));
    }

    private AccountId account() {
        try {
            return AccountId.parse(identity.getPrincipal().getName());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Sign in as the owner of an account.");
        }
    }

    private static <T> T required(T body) {
        if (body == null) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send a JSON body.");
        }
        return body;
    }
}
