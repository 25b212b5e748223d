package org.domicile.messaging.receipt;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * What another region asks whose client fetches receipts of an account that lives here: {@code GET}, the receipts that are ready, and when
 * they have been told, {@code DELETE} with the list of their ids, 204.
 */
@ApplicationScoped
public class ReceiptPeerRoutes {
    /** Room for the ids of a batch. */
    private static final long LARGEST_LIST = 8 * 1024;

    private final Receipts receipts;
    private final RoutingKeys routing;
    private final ServiceIdentity identity;
    private final PeerServer peerServer;

    @Inject
    public ReceiptPeerRoutes(Receipts receipts, RoutingKeys routing, ServiceIdentity identity, PeerServer peerServer) {
        this.receipts = receipts;
        this.routing = routing;
        this.identity = identity;
        this.peerServer = peerServer;
    }

    void mount(@Observes StartupEvent event) {
        var router = peerServer.router();
        router.get(ReceiptRoutes.PATH).handler(this::answer);
        router.delete(ReceiptRoutes.PATH)
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_LIST))
                .handler(this::forget);
    }

    private void answer(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> receipts.ready(capability(context)))
                .subscribe()
                .with(
                        ready -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Json.encodeToBuffer(ready)),
                        failure -> Problems.write(context, failure));
    }

    private void forget(RoutingContext context) {
        Uni.createFrom()
                .deferred(() ->
                        receipts.told(capability(context), ids(context.body().buffer())))
                .subscribe()
                .with(done -> context.response().setStatusCode(204).end(), failure -> Problems.write(context, failure));
    }

    private Capability capability(RoutingContext context) {
        if (!PeerIdentity.of(context).service().equals(identity.service())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only messaging-services fetch for others.");
        }
        return routing.parse(context.pathParam("capability")).orElseThrow(ReceiptRoutes::unknown);
    }

    private static List<UUID> ids(Buffer body) {
        try {
            return new JsonArray(body)
                    .stream().map(id -> UUID.fromString((String) id)).toList();
        } catch (DecodeException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send the ids of the receipts that were told.");
        }
    }
}
