package org.domicile.messaging.fault;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.domicile.messaging.testing.TestAccounts.TestDevice;

/**
 * A device that stays connected, to whichever instance, as well as it can. It acknowledges some messages at once, some later and in another
 * order, some not at all; it reads slowly; now and then it hangs up, or leaves its socket open, with nobody there, and opens another one.
 */
final class Phone implements Runnable {
    static final int NUMBER_AT = 21;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int LONGEST_STAY = 40;
    private static final int LONGEST_PAUSE_MILLIS = 200;

    private final TestDevice device;
    private final Supplier<URI> anyInstance;
    private final History history;
    private final Random random;
    private final Queue<WebSocket> vanished = new ConcurrentLinkedQueue<>();
    private final Queue<WebSocket> unread = new ConcurrentLinkedQueue<>();
    private volatile boolean looksAway;
    private volatile boolean patient;
    private volatile boolean stopped;
    private volatile CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private volatile CompletableFuture<Void> back = CompletableFuture.completedFuture(null);

    Phone(TestDevice device, Supplier<URI> anyInstance, History history, long seed) {
        this.device = device;
        this.anyInstance = anyInstance;
        this.history = history;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        while (!stopped) {
            back.join();
            ended = new CompletableFuture<>();
            if (!back.isDone()) {
                continue;
            }
            var service = anyInstance.get().toString().replaceFirst("^http", "ws");
            try {
                var socket = HTTP.newWebSocketBuilder()
                        .subprotocols("push-notification")
                        .buildAsync(URI.create(service).resolve("/connect/" + device.credential()), new Frames())
                        .join();
                socket.sendText("{\"messageType\":\"hello\",\"use_webpush\":true}", true);
                if (ended.join()) {
                    vanished.add(socket);
                } else {
                    socket.abort();
                }
            } catch (CompletionException e) {
                // that instance is away: another one then
                Thread.onSpinWait();
            }
        }
        vanished.forEach(WebSocket::abort);
    }

    /** Leaves the connection without a word and opens another one. */
    void reconnect() {
        ended.complete(false);
    }

    /** Leaves the connection as it is, never looks at it again, and opens no other one until {@link #comeBack}. */
    void vanish() {
        back = new CompletableFuture<>();
        ended.complete(true);
    }

    void comeBack() {
        back.complete(null);
    }

    /** Stays connected and reads nothing, until {@link #lookAgain}. */
    void lookAway() {
        looksAway = true;
    }

    void lookAgain() {
        looksAway = false;
        for (var socket = unread.poll(); socket != null; socket = unread.poll()) {
            socket.request(1);
        }
    }

    /** From now on it takes what comes, and stays. */
    void calmDown() {
        patient = true;
        lookAgain();
        reconnect();
    }

    void stop() {
        stopped = true;
        comeBack();
        ended.complete(false);
    }

    private final class Frames implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Boolean> mine = ended;
        private final long connected = System.nanoTime();
        private final List<JsonObject> later = new ArrayList<>();
        private int left = 1 + random.nextInt(LONGEST_STAY);

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var frame = new JsonObject(text.toString());
                text.setLength(0);
                if (!mine.isDone() && "notification".equals(frame.getString("messageType"))) {
                    take(socket, frame);
                }
            }
            readOn(socket);
            return null;
        }

        /** The client has answered it by itself; who is gone reads, and so answers, no more of them. */
        @Override
        public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
            readOn(socket);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            mine.complete(false);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            mine.complete(false);
        }

        private void readOn(WebSocket socket) {
            if (mine.isDone()) {
                return;
            }
            if (looksAway) {
                unread.add(socket);
                // which may have been in between
                if (!looksAway) {
                    lookAgain();
                }
            } else if (patient || random.nextInt(10) > 0) {
                socket.request(1);
            } else {
                CompletableFuture.delayedExecutor(random.nextInt(LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS)
                        .execute(() -> socket.request(1));
            }
        }

        private void take(WebSocket socket, JsonObject frame) {
            var data = Base64.getUrlDecoder().decode(frame.getString("data"));
            history.arrived(ByteBuffer.wrap(data).getLong(NUMBER_AT), frame.getString("version"), connected);
            if (patient) {
                acknowledge(socket, List.of(frame));
                return;
            }
            if (--left == 0) {
                // unacknowledged: it must come again, under the same version
                mine.complete(random.nextInt(3) == 0);
                return;
            }
            switch (random.nextInt(10)) {
                case 0 -> {}
                case 1, 2, 3 -> later.add(frame);
                default -> {
                    later.add(frame);
                    Collections.shuffle(later, random);
                    acknowledge(socket, later);
                    later.clear();
                }
            }
        }

        private static void acknowledge(WebSocket socket, List<JsonObject> notifications) {
            var updates = new JsonArray();
            notifications.forEach(each -> updates.add(new JsonObject()
                    .put("channelID", each.getString("channelID"))
                    .put("version", each.getString("version"))
                    .put("code", 100)));
            socket.sendText(
                    new JsonObject()
                            .put("messageType", "ack")
                            .put("updates", updates)
                            .encode(),
                    true);
        }
    }
}
