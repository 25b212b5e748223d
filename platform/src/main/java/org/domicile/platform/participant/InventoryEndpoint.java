package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Set;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.verify.Inventory;

/**
 * Tells the holder of a copy what its home has: keys, versions and keyed digests, never content. So it opens to a kept copy (KEEP) too,
 * whose region no law lets the records cross to.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class InventoryEndpoint {
    private static final Set<FenceOperation> OPENING =
            Set.of(FenceOperation.SHADOW, FenceOperation.FEED, FenceOperation.KEEP);
    private static final long MAX_BODY_BYTES = 1 << 20;

    private final PeerServer server;
    private final Pool pool;
    private final TransferGrants grants;
    private final Participant participant;

    @Inject
    InventoryEndpoint(PeerServer server, Pool pool, TransferGrants grants, Participant participant) {
        this.server = server;
        this.pool = pool;
        this.grants = grants;
        this.participant = participant;
    }

    void mount(@Observes StartupEvent event) {
        server.router()
                .post(TransferEndpoint.PATH + "/:account/inventory")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::answer);
        server.router().get(TransferEndpoint.PATH + "/:account/key").handler(this::key);
    }

    private void answer(RoutingContext context) {
        var command = grants.granted(context, OPENING);
        var question = context.body().asJsonObject();
        pool.withTransaction(c -> Inventory.snapshot(c)
                        .flatMap(v -> grants.open(c, command))
                        .flatMap(move -> Inventory.take(
                                c, move.account(), move.row().version(), move.macKey(), participant.inventory())))
                .map(inventory -> inventory.answer(question))
                .subscribe()
                .with(json -> end(context, json), failure -> Problems.write(context, failure));
    }

    private void key(RoutingContext context) {
        var command = grants.granted(context, OPENING);
        pool.withTransaction(c -> grants.open(c, command))
                .subscribe()
                .with(
                        move -> end(
                                context,
                                new JsonObject()
                                        .put("macKey", move.macKey())
                                        .put("counter", move.row().version())),
                        failure -> Problems.write(context, failure));
    }

    private static void end(RoutingContext context, JsonObject json) {
        context.response().putHeader("Content-Type", "application/json").end(json.toBuffer());
    }
}
