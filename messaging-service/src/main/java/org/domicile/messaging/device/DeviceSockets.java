package org.domicile.messaging.device;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.instance.WakeUps;
import org.domicile.messaging.queue.MessageQueue;
import org.domicile.messaging.subscription.DeviceCredential;
import org.domicile.messaging.subscription.Subscriptions;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/**
 * Binds an upgraded, authenticated socket to a session. Frames are handled one after the other: the next waits in the socket, also
 * while the device does not read what it was answered.
 */
@ApplicationScoped
public class DeviceSockets {
    private static final Logger LOG = Logger.getLogger(DeviceSockets.class);
    private static final int RETRY_AFTER = 30;

    private final MessageQueue queue;
    private final Subscriptions subscriptions;
    private final Presence presence;
    private final WakeUps wakeUps;
    private final AckMetrics acks;
    private final MessagingConfig config;
    private final Clock clock;
    private final Vertx vertx;
    private final AtomicInteger places = new AtomicInteger();

    @Inject
    public DeviceSockets(
            MessageQueue queue,
            Subscriptions subscriptions,
            Presence presence,
            WakeUps wakeUps,
            AckMetrics acks,
            MessagingConfig config,
            Clock clock,
            Vertx vertx) {
        this.queue = queue;
        this.subscriptions = subscriptions;
        this.presence = presence;
        this.wakeUps = wakeUps;
        this.acks = acks;
        this.config = config;
        this.clock = clock;
        this.vertx = vertx;
    }

    /**
     * Keeps a place for a connection that is about to be opened.
     *
     * @throws ProblemException UNAVAILABLE if this instance holds as many connections as it may, or is stopping
     */
    void takePlace() {
        if (presence.isStopping()) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE, "This instance is stopping: connect again.", Map.of("retryAfter", 1));
        }
        if (places.incrementAndGet() > config.maxConnections()) {
            leavePlace();
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE,
                    "Too many devices are connected here: try again.",
                    Map.of("retryAfter", RETRY_AFTER));
        }
    }

    void leavePlace() {
        places.decrementAndGet();
    }

    /** @param socket one that a place was taken for */
    void open(DeviceCredential credential, ServerWebSocket socket) {
        var connection = new WebSocketConnection(socket, vertx);
        var session =
                new DeviceSession(credential, connection, queue, subscriptions, presence, wakeUps, acks, config, clock);
        socket.closeHandler(closed -> {
            session.onClosed();
            presence.leave(session);
            leavePlace();
        });
        socket.exceptionHandler(failure -> {
            LOG.debugf("socket broke device=%s reason=%s", credential.device(), failure);
            closing(failure).ifPresent(session::end);
        });
        socket.pongHandler(pong -> session.onPong());
        socket.binaryMessageHandler(data -> session.onBinary());
        socket.textMessageHandler(text -> {
            socket.pause();
            session.onText(text).subscribe().with(done -> readOn(socket), failure -> readOn(socket));
        });
        presence.enter(session);
        socket.resume();
    }

    /** Vert.x tells by an exception of a frame that cannot be read, and of a message whose frames are too large together. */
    static Optional<CloseReason> closing(Throwable failure) {
        return switch (failure) {
            case CorruptedWebSocketFrameException corrupted ->
                Optional.of(
                        switch (corrupted.closeStatus().code()) {
                            case 1007 -> CloseReason.MALFORMED;
                            case 1009 -> CloseReason.TOO_LARGE;
                            default -> CloseReason.BAD_FRAME;
                        });
            case IllegalStateException tooLarge -> Optional.of(CloseReason.TOO_LARGE);
            default -> Optional.empty();
        };
    }

    private static void readOn(ServerWebSocket socket) {
        if (socket.writeQueueFull()) {
            socket.drainHandler(drained -> socket.resume());
        } else {
            socket.resume();
        }
    }
}
