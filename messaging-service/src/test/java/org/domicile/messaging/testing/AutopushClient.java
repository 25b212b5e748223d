package org.domicile.messaging.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.domicile.messaging.testing.TestAccounts.TestDevice;

/** A device as an unmodified autopush client is: an own WebSocket implementation, the subprotocol, JSON frames. */
public final class AutopushClient implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private AutopushClient(URI service, String credential, boolean subprotocol) {
        var uri = URI.create(service.toString().replaceFirst("^http", "ws")).resolve("/connect/" + credential);
        var builder = HTTP.newWebSocketBuilder();
        if (subprotocol) {
            builder.subprotocols("push-notification");
        }
        socket = builder.buildAsync(uri, new Listener()).join();
    }

    /** Opens the socket without a word. */
    public static AutopushClient open(URI service, TestDevice device) {
        return new AutopushClient(service, device.credential(), true);
    }

    /** The same, naming no subprotocol. */
    public static AutopushClient openWithoutSubprotocol(URI service, TestDevice device) {
        return new AutopushClient(service, device.credential(), false);
    }

    /** Opens the socket and says hello. */
    public static AutopushClient connect(URI service, TestDevice device) {
        var client = open(service, device);
        client.hello();
        return client;
    }

    /** The HTTP status with which the upgrade is refused. */
    public static int refusal(URI service, String credential) {
        try {
            new AutopushClient(service, credential, true).close();
            throw new AssertionError("the upgrade was not refused");
        } catch (CompletionException e) {
            return ((java.net.http.WebSocketHandshakeException) e.getCause())
                    .getResponse()
                    .statusCode();
        }
    }

    public String subprotocol() {
        return socket.getSubprotocol();
    }

    /** From a device that knows of no uaid. */
    public JsonObject hello() {
        return hello("");
    }

    public JsonObject hello(String uaid) {
        send("{\"messageType\":\"hello\",\"uaid\":\"" + uaid + "\",\"broadcasts\":{},\"use_webpush\":true}");
        return expect("hello");
    }

    /** Registers a new channel. @return its endpoint */
    public String register() {
        return register(UUID.randomUUID(), null).getString("pushEndpoint");
    }

    public JsonObject register(UUID channel, String key) {
        var frame = new JsonObject().put("messageType", "register").put("channelID", channel.toString());
        send((key == null ? frame : frame.put("key", key)).encode());
        return expect("register");
    }

    public JsonObject unregister(UUID channel) {
        send(new JsonObject()
                .put("messageType", "unregister")
                .put("channelID", channel.toString())
                .encode());
        return expect("unregister");
    }

    /** Asks for what matters at least so much. */
    public JsonObject urgency(String least) {
        send("{\"messageType\":\"urgency\",\"min\":\"" + least + "\"}");
        return expect("urgency");
    }

    public JsonObject notification() {
        return expect("notification");
    }

    public void ack(JsonObject... notifications) {
        ack(100, notifications);
    }

    public void ack(int code, JsonObject... notifications) {
        var updates = new JsonArray();
        for (var n : notifications) {
            updates.add(new JsonObject()
                    .put("channelID", n.getString("channelID"))
                    .put("version", n.getString("version"))
                    .put("code", code));
        }
        send(new JsonObject().put("messageType", "ack").put("updates", updates).encode());
    }

    public void nack(JsonObject notification) {
        send(new JsonObject()
                .put("messageType", "nack")
                .put("version", notification.getString("version"))
                .put("code", 301)
                .encode());
    }

    public void send(String text) {
        socket.sendText(text, true).join();
    }

    public void sendBinary() {
        socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
    }

    public JsonObject expect(String type) {
        var frame = next();
        if (!type.equals(frame.getString("messageType", "{}"))) {
            throw new AssertionError("expected " + type + ", got " + frame);
        }
        return frame;
    }

    /** Fails unless nothing but pongs comes before the answer to a ping that is sent now. */
    public void expectNothing() {
        send("{}");
        expect("{}");
    }

    /** The code with which the server closes. */
    public int closeCode() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Drops the connection without a goodbye. */
    public void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(closedBefore -> socket)
                .join();
    }

    private JsonObject next() {
        try {
            var frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no frame came" + (closed.isDone() ? ": closed with " + closed.join() : ""));
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(new JsonObject(text.toString()));
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.complete(1006);
        }
    }
}
