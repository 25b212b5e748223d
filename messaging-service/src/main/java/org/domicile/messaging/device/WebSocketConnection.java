package org.domicile.messaging.device;

import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** A Vert.x server WebSocket as a {@link Connection}. It keeps nothing of the request that it began as. */
final class WebSocketConnection implements Connection {
    private final ServerWebSocket socket;
    private final Context context;
    private final Vertx vertx;

    WebSocketConnection(ServerWebSocket socket, Vertx vertx) {
        this.socket = socket;
        this.context = VertxContext.getRootContext(vertx.getOrCreateContext());
        this.vertx = vertx;
        socket.headers().clear();
    }

    @Override
    public void send(ServerFrame frame) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(frame.json());
        }
    }

    @Override
    public void ping() {
        if (!socket.isClosed()) {
            socket.writePing(Buffer.buffer());
        }
    }

    @Override
    public void close(CloseReason reason) {
        if (!socket.isClosed()) {
            socket.close(reason.code(), reason.text());
        }
    }

    @Override
    public void execute(Runnable task) {
        var current = Vertx.currentContext();
        if (current != null && VertxContext.getRootContext(current) == context) {
            task.run();
        } else {
            context.runOnContext(v -> task.run());
        }
    }

    @Override
    public void executeAfter(long millis, Runnable task) {
        vertx.setTimer(millis, id -> execute(task));
    }
}
