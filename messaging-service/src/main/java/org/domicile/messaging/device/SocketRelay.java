package org.domicile.messaging.device;

import io.quarkus.scheduler.Scheduled;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.relay.Relay;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.Residency;
import org.jboss.logging.Logger;

/** Opens devices' sockets at their home regions. The home is asked first, so that its refusal reaches the device as an HTTP answer. */
@ApplicationScoped
public class SocketRelay {
    private static final Logger LOG = Logger.getLogger(SocketRelay.class);
    private static final short GOING_AWAY = 1001;

    private final PeerClient peers;
    private final String service;
    private final MessagingConfig config;
    private final Clock clock;
    private final Set<RelayedSocket> open = ConcurrentHashMap.newKeySet();

    @Inject
    public SocketRelay(PeerClient peers, ServiceIdentity identity, MessagingConfig config, Clock clock) {
        this.peers = peers;
        this.service = identity.service();
        this.config = config;
        this.clock = clock;
    }

    /**
     * @param context a request to upgrade, paused
     * @param over run once, when the socket has ended or was refused
     */
    void socket(RoutingContext context, Residency residency, Runnable over) {
        Future.succeededFuture(residency)
                .map(home -> at(home, context.request().path()))
                .compose(options -> peers.webSockets().connect(options))
                .onSuccess(far -> accept(context, far, over))
                .onFailure(failure -> {
                    over.run();
                    refuse(context, residency.home(), failure);
                });
    }

    @Scheduled(every = "${domicile.messaging.sweep-every:10s}")
    void sweep() {
        open.forEach(RelayedSocket::sweep);
    }

    private WebSocketConnectOptions at(Residency residency, String path) {
        var home = peers.of(residency.home(), service);
        return new WebSocketConnectOptions()
                .setHost(home.getHost())
                .setPort(home.getPort())
                .setSsl(true)
                .setURI(path)
                .addSubProtocol(DeviceRoutes.SUBPROTOCOL)
                .putHeader(EpochHeader.NAME, Long.toString(residency.epoch()));
    }

    private void accept(RoutingContext context, WebSocket far, Runnable over) {
        far.pause();
        context.request().toWebSocket().onSuccess(near -> join(near, far, over)).onFailure(failure -> {
            over.run();
            far.close(GOING_AWAY);
        });
    }

    private void join(ServerWebSocket near, WebSocket far, Runnable over) {
        var socket = new RelayedSocket(near, far, config.idle(), clock);
        open.add(socket);
        socket.join(() -> {
            open.remove(socket);
            over.run();
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
