package org.domicile.messaging.device;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.domicile.messaging.relay.Relay;
import org.domicile.messaging.subscription.DeviceCredential;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * {@code GET /connect/{deviceId}.{secret}}: the device's WebSocket. The path carries the credential, so that an unmodified autopush
 * client is bound to an account and its consent; a refusal is an HTTP answer, before any upgrade.
 */
@ApplicationScoped
public class DeviceRoutes {
    static final String SUBPROTOCOL = "push-notification";
    private static final String PATH = "/connect/:credential";

    private final Homes homes;
    private final SocketRelay relay;
    private final Admission admission;
    private final DeviceSockets sockets;
    private final ServiceIdentity identity;
    private final PeerServer peerServer;
    private final Vertx vertx;

    @Inject
    public DeviceRoutes(
            Homes homes,
            SocketRelay relay,
            Admission admission,
            DeviceSockets sockets,
            ServiceIdentity identity,
            PeerServer peerServer,
            Vertx vertx) {
        this.homes = homes;
        this.relay = relay;
        this.admission = admission;
        this.sockets = sockets;
        this.identity = identity;
        this.peerServer = peerServer;
        this.vertx = vertx;
    }

    void mount(@Observes Router router) {
        router.get(PATH).handler(context -> connect(context, false));
    }

    void mountForPeers(@Observes StartupEvent event) {
        peerServer.router().get(PATH).handler(context -> connect(context, true));
    }

    private void connect(RoutingContext context, boolean fromPeer) {
        context.request().pause();
        Uni.createFrom()
                .deferred(() -> {
                    if (fromPeer) {
                        requireMessaging(context);
                    }
                    requireUpgrade(context);
                    return route(context, credential(context), fromPeer);
                })
                .subscribe()
                .with(done -> {}, failure -> Problems.write(context, failure));
    }

    private Uni<Void> route(RoutingContext context, DeviceCredential credential, boolean fromPeer) {
        var known = fromPeer ? EpochHeader.known(context.request().getHeader(EpochHeader.NAME)) : 0;
        return homes.find(credential.device().accountId(), known).flatMap(place -> {
            if (place.elsewhere().isEmpty()) {
                return open(context, credential);
            }
            var home = place.elsewhere().get();
            if (fromPeer) {
                throw Relay.unreachable(home.home());
            }
            sockets.takePlace();
            relay.socket(context, home, sockets::leavePlace);
            return Uni.createFrom().voidItem();
        });
    }

    private Uni<Void> open(RoutingContext context, DeviceCredential credential) {
        var loop = vertx.getOrCreateContext();
        return admission
                .require(credential)
                // which may have waited elsewhere
                .emitOn(task -> loop.runOnContext(v -> task.run()))
                .invoke(sockets::takePlace)
                .chain(() -> Uni.createFrom()
                        .completionStage(() -> context.request().toWebSocket().toCompletionStage())
                        .onFailure()
                        .invoke(sockets::leavePlace))
                .invoke((ServerWebSocket socket) -> sockets.open(credential, socket))
                .replaceWithVoid();
    }

    private static DeviceCredential credential(RoutingContext context) {
        try {
            return DeviceCredential.parse(context.pathParam("credential"));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCode.UNAUTHORIZED, "Connect to /connect/{deviceId}.{secret} of your device.");
        }
    }

    private static void requireUpgrade(RoutingContext context) {
        var upgrade = context.request().getHeader("Upgrade");
        if (!"websocket".equalsIgnoreCase(upgrade)) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Connect with a WebSocket of the subprotocol push-notification.");
        }
    }

    private void requireMessaging(RoutingContext context) {
        if (!PeerIdentity.of(context).service().equals(identity.service())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only messaging-services relay device sockets.");
        }
    }
}
