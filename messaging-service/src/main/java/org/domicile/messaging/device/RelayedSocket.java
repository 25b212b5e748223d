package org.domicile.messaging.device;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * A device's socket and one at its home, joined frame by frame with back-pressure; when either side closes, the other is closed with the
 * same code. Pings and pongs do not pass: this end answers for itself, so that one who has gone is noticed here, on either side.
 */
final class RelayedSocket {
    private static final Logger LOG = Logger.getLogger(RelayedSocket.class);
    private static final short GOING_AWAY = 1001;
    private static final short HOME_LOST = 1012;

    private final Side device;
    private final Side home;

    private record Side(WebSocketBase socket, Silence silence) {}

    RelayedSocket(ServerWebSocket device, WebSocket home, Duration idle, Clock clock) {
        this.device = new Side(device, new Silence(idle, clock));
        this.home = new Side(home, new Silence(idle, clock));
    }

    /** @param over run when the device's side has ended */
    void join(Runnable over) {
        forward(device, home, GOING_AWAY, over);
        forward(home, device, HOME_LOST, () -> {});
        home.socket.resume();
    }

    /** Called now and then: ends both sides when one no longer answers. */
    void sweep() {
        if (device.silence.isTooLong()) {
            device.socket.close(CloseReason.SILENT.code(), CloseReason.SILENT.text());
            home.socket.close(GOING_AWAY);
        } else if (home.silence.isTooLong()) {
            device.socket.close(HOME_LOST);
            home.socket.close(GOING_AWAY);
        } else {
            pingIfSilent(device);
            pingIfSilent(home);
        }
    }

    private static void pingIfSilent(Side side) {
        if (side.silence.isLong()) {
            side.socket.writePing(Buffer.buffer());
        }
    }

    private static void forward(Side from, Side to, short lost, Runnable over) {
        from.socket.frameHandler(frame -> {
            from.silence.heard();
            switch (frame.type()) {
                case TEXT, BINARY, CONTINUATION -> pass(frame, from.socket, to.socket);
                case PING, PONG, CLOSE -> {}
            }
        });
        from.socket.exceptionHandler(failure -> {
            LOG.debugf("relayed socket broke reason=%s", failure);
            DeviceSockets.closing(failure).ifPresent(reason -> {
                from.socket.close(reason.code(), reason.text());
                to.socket.close(lost);
            });
        });
        from.socket.closeHandler(closed -> {
            over.run();
            var code = from.socket.closeStatusCode();
            to.socket.close(code == null || code == 1005 || code == 1006 ? lost : code, from.socket.closeReason());
        });
    }

    private static void pass(WebSocketFrame frame, WebSocketBase from, WebSocketBase to) {
        to.writeFrame(frame);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }
}
