package org.domicile.messaging.fault;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.domicile.messaging.testing.TestAccounts.TestDevice;

/** Everybody comes at once: devices that say hello and are gone when they are greeted, each replacing the one before, and strangers. */
final class ConnectStorm {
    private static final int CONNECTS_A_SECOND = 1_000;
    private static final int CONNECTS = 3_000;
    private static final int TICK_MILLIS = 10;
    private static final int STRANGER_EVERY = 5;

    private final Supplier<URI> anyInstance;
    private final List<TestDevice> devices;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger greeted = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(CONNECTS);

    ConnectStorm(Supplier<URI> anyInstance, List<TestDevice> devices) {
        this.anyInstance = anyInstance;
        this.devices = devices;
    }

    /** @return how many were greeted; the others were refused, replaced before, or met an instance that was away */
    int blow() throws InterruptedException {
        var vertx = Vertx.vertx();
        try {
            var client = vertx.createWebSocketClient(
                    new WebSocketClientOptions().setMaxConnections(CONNECTS).setConnectTimeout(20_000));
            var begin = System.nanoTime();
            vertx.setPeriodic(TICK_MILLIS, id -> {
                // as many as are due by now, so that a late tick slows nothing down
                var due = Math.min(CONNECTS, (System.nanoTime() - begin) * CONNECTS_A_SECOND / 1_000_000_000L);
                while (begun.get() < due) {
                    connect(client, begun.getAndIncrement());
                }
                if (due == CONNECTS) {
                    vertx.cancelTimer(id);
                }
            });
            if (!ended.await(90, SECONDS)) {
                throw new AssertionError(ended.getCount() + " connects of a storm got no answer");
            }
            return greeted.get();
        } finally {
            vertx.close();
        }
    }

    private void connect(WebSocketClient client, int number) {
        var service = anyInstance.get();
        var credential = number % STRANGER_EVERY == 0
                ? "stranger" + number
                : devices.get(number % devices.size()).credential();
        client.connect(new WebSocketConnectOptions()
                        .setHost(service.getHost())
                        .setPort(service.getPort())
                        .setURI("/connect/" + credential)
                        .addSubProtocol("push-notification"))
                .onSuccess(this::greet)
                .onFailure(refused -> ended.countDown());
    }

    private void greet(WebSocket socket) {
        socket.textMessageHandler(frame -> {
            greeted.incrementAndGet();
            socket.close();
        });
        socket.exceptionHandler(broken -> {});
        socket.closeHandler(closed -> ended.countDown());
        socket.writeTextMessage("{\"messageType\":\"hello\",\"use_webpush\":true}");
    }
}
