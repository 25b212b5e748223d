package org.domicile.messaging.relay;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.Residency;
import org.jboss.logging.Logger;

/**
 * Joins a device's socket to one at its home region, frame by frame with back-pressure. The home is asked first, so that its
 * refusal reaches the device as an HTTP answer; when either side closes, the other is closed with the same code.
 */
@ApplicationScoped
public class SocketRelay {
    private static final Logger LOG = Logger.getLogger(SocketRelay.class);
    private static final String SUBPROTOCOL = "push-notification";
    private static final short GOING_AWAY = 1001;
    private static final short HOME_LOST = 1012;

    private final PeerClient peers;
    private final String service;

    @Inject
    public SocketRelay(PeerClient peers, ServiceIdentity identity) {
        this.peers = peers;
        this.service = identity.service();
    }

    /**
     * @param context a request to upgrade, paused
     * @param over run once, when the socket has ended or was refused
     */
    public void socket(RoutingContext context, Residency residency, Runnable over) {
        var region = residency.home();
        var home = peers.of(region, service);
        var options = new WebSocketConnectOptions()
                .setHost(home.getHost())
                .setPort(home.getPort())
                .setSsl(true)
                .setURI(context.request().path())
                .addSubProtocol(SUBPROTOCOL)
                .putHeader(EpochHeader.NAME, Long.toString(residency.epoch()));
        peers.webSockets()
                .connect(options)
                .onSuccess(far -> accept(context, far, over))
                .onFailure(failure -> {
                    over.run();
                    refuse(context, region, failure);
                });
    }

    private static void accept(RoutingContext context, WebSocket far, Runnable over) {
        far.pause();
        context.request().toWebSocket().onSuccess(near -> join(near, far, over)).onFailure(failure -> {
            over.run();
            far.close(GOING_AWAY);
        });
    }

    private static void join(ServerWebSocket near, WebSocket far, Runnable over) {
        forward(near, far, GOING_AWAY, over);
        forward(far, near, HOME_LOST, () -> {});
        far.resume();
    }

    private static void forward(WebSocketBase from, WebSocketBase to, short lost, Runnable over) {
        from.frameHandler(frame -> {
            if (frame.isClose()) {
                return;
            }
            to.writeFrame(frame);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(drained -> from.resume());
            }
        });
        from.exceptionHandler(failure -> LOG.debugf("relayed socket broke reason=%s", failure));
        from.closeHandler(closed -> {
            over.run();
            var code = from.closeStatusCode();
            to.close(code == null || code == 1005 || code == 1006 ? lost : code, from.closeReason());
        });
    }

    private static void refuse(RoutingContext context, String region, Throwable failure) {
        if (failure instanceof UpgradeRejectedException refused && refused.getStatus() < 500) {
            Problems.write(context, Problems.ofStatus(refused.getStatus()));
            return;
        }
        LOG.warnf("socket relay failed region=%s reason=%s", region, failure.toString());
        Problems.write(context, Relay.unreachable(region));
    }
}
