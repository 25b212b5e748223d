package org.domicile.platform.note;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.testing.TestRegions;

/** Opens an account as account-service does: an event in the transaction of the request. */
@Path("/opened/{account}/{identifier}")
public class OpeningResource {
    private final Pool pool;
    private final Outbox outbox;

    @Inject
    public OpeningResource(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    @POST
    public Uni<Void> open(@PathParam("account") String account, @PathParam("identifier") String identifier) {
        var data = new JsonObject().put("home", TestRegions.CN);
        return pool.withTransaction(c -> outbox.add(
                c, new OutboxEvent(Topics.ACCOUNT_EVENTS, AccountId.parse(account), Topics.ACCOUNT_OPENED, data)));
    }
}
