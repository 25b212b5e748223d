package org.domicile.messaging.fault;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.domicile.messaging.testing.TestAccounts.TestDevice;

/** A device that stays connected, to whichever instance, as well as it can: it takes, acknowledges, and now and then just hangs up. */
final class Phone implements Runnable {
    static final int NUMBER_AT = 21;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int HANGS_UP_AFTER = 25;

    private final TestDevice device;
    private final Supplier<URI> anyInstance;
    private final History history;
    private final Random random;
    private volatile boolean stopped;
    private volatile CompletableFuture<Void> ended = new CompletableFuture<>();

    Phone(TestDevice device, Supplier<URI> anyInstance, History history, long seed) {
        this.device = device;
        this.anyInstance = anyInstance;
        this.history = history;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        while (!stopped) {
            ended = new CompletableFuture<>();
            var service = anyInstance.get().toString().replaceFirst("^http", "ws");
            try {
                var socket = HTTP.newWebSocketBuilder()
                        .subprotocols("push-notification")
                        .buildAsync(URI.create(service).resolve("/connect/" + device.credential()), new Frames())
                        .join();
                socket.sendText("{\"messageType\":\"hello\",\"use_webpush\":true}", true);
                ended.join();
                socket.abort();
            } catch (CompletionException e) {
                // that instance is away: another one then
                Thread.onSpinWait();
            }
        }
    }

    void stop() {
        stopped = true;
        ended.complete(null);
    }

    private final class Frames implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Void> mine = ended;
        private int left = 1 + random.nextInt(HANGS_UP_AFTER);

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(socket, new JsonObject(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            mine.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            mine.complete(null);
        }

        private void take(WebSocket socket, JsonObject frame) {
            if (!"notification".equals(frame.getString("messageType"))) {
                return;
            }
            var data = Base64.getUrlDecoder().decode(frame.getString("data"));
            var version = frame.getString("version");
            history.arrived(ByteBuffer.wrap(data).getLong(NUMBER_AT), version);
            if (--left == 0) {
                // without an acknowledgement: it must come again, under the same version
                mine.complete(null);
                return;
            }
            var update = new JsonObject()
                    .put("channelID", frame.getString("channelID"))
                    .put("version", version)
                    .put("code", 100);
            socket.sendText(
                    new JsonObject()
                            .put("messageType", "ack")
                            .put("updates", new JsonArray().add(update))
                            .encode(),
                    true);
        }
    }
}
