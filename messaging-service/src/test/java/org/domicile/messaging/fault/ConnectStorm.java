package org.domicile.messaging.fault;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.domicile.messaging.testing.TestAccounts.TestDevice;

/** Everybody comes at once: devices that say hello and are gone when they are greeted, each replacing the one before, and strangers. */
final class ConnectStorm {
    private static final int CONNECTS_A_SECOND = 1_000;
    private static final int CONNECTS = 3_000;
    private static final int TICK_MILLIS = 10;
    private static final int STRANGER_EVERY = 5;
    private static final String WRONG_SECRET = "x".repeat(43);
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final short REPLACED = 4774;

    private final Supplier<URI> anyInstance;
    private final List<TestDevice> devices;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger greeted = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final Map<Integer, Integer> strangers = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(CONNECTS);

    ConnectStorm(Supplier<URI> anyInstance, List<TestDevice> devices) {
        this.anyInstance = anyInstance;
        this.devices = devices;
    }

    /**
     * What became of the connects of those who may connect, and of the strangers.
     *
     * @param strangers by the status with which they were refused; 0 where there was no answer, 101 where there was no refusal
     * @param broken refused for another reason, or ended without a greeting
     * @param seconds until all had ended
     */
    record Result(
            int devices, int greeted, int replaced, int broken, Map<Integer, Integer> strangers, double seconds) {}

    Result blow() throws InterruptedException {
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
            return new Result(
                    CONNECTS - CONNECTS / STRANGER_EVERY,
                    greeted.get(),
                    replaced.get(),
                    broken.get(),
                    Map.copyOf(strangers),
                    (System.nanoTime() - begin) / 1e9);
        } finally {
            vertx.close();
        }
    }

    private void connect(WebSocketClient client, int number) {
        var device = devices.get(number % devices.size());
        var isStranger = number % STRANGER_EVERY == 0;
        var service = anyInstance.get();
        client.connect(new WebSocketConnectOptions()
                        .setHost(service.getHost())
                        .setPort(service.getPort())
                        .setURI("/connect/" + (isStranger ? device.id() + "." + WRONG_SECRET : device.credential()))
                        .addSubProtocol("push-notification"))
                .onComplete(upgraded -> {
                    if (isStranger) {
                        strangers.merge(status(upgraded), 1, Integer::sum);
                        end();
                    } else if (upgraded.succeeded()) {
                        greet(upgraded.result());
                    } else {
                        broken.incrementAndGet();
                        end();
                    }
                });
    }

    private static int status(AsyncResult<WebSocket> upgraded) {
        if (upgraded.succeeded()) {
            return SWITCHING_PROTOCOLS;
        }
        return upgraded.cause() instanceof UpgradeRejectedException refused ? refused.getStatus() : 0;
    }

    private void greet(WebSocket socket) {
        var isGreeted = new AtomicBoolean();
        socket.textMessageHandler(frame -> {
            isGreeted.set(true);
            socket.close();
        });
        socket.exceptionHandler(failure -> {});
        socket.closeHandler(closed -> {
            if (isGreeted.get()) {
                greeted.incrementAndGet();
            } else if (Objects.equals(socket.closeStatusCode(), REPLACED)) {
                replaced.incrementAndGet();
            } else {
                broken.incrementAndGet();
            }
            end();
        });
        socket.writeTextMessage("{\"messageType\":\"hello\",\"use_webpush\":true}");
    }

    private void end() {
        ended.countDown();
    }
}
