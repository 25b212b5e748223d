package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.domicile.client.http.Http;

/**
 * A device's connection for messages, in the autopush protocol: hello, register, then notifications, each to be acknowledged. It
 * is not reopened by itself. Use from one thread.
 */
public final class PushSocket implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    /** Codes of the protocol. */
    private static final int DELIVERED = 100;

    private static final int NOT_DECRYPTED = 101;

    private final WebSocket socket;
    private final BlockingQueue<JsonNode> frames;
    /** Notifications that came while an answer was awaited. */
    private final Deque<JsonNode> early = new ArrayDeque<>();

    private PushSocket(WebSocket socket, BlockingQueue<JsonNode> frames) {
        this.socket = socket;
        this.frames = frames;
    }

    /** One message as it came. @param body encrypted, empty for a wake-up */
    public record Notification(UUID channel, String version, byte[] body) {}

    /**
     * Connects and says hello.
     *
     * @param origin the push origin, or a region's messaging service
     * @throws IOException when the service refuses, for instance because messaging is off
     */
    public static PushSocket connect(Http http, URI origin, Account.Device device) throws IOException {
        String address = origin.toString().replaceFirst("^http", "ws").replaceAll("/+$", "") + "/connect/" + device.id()
                + "." + device.secret().reveal();
        Frames frames = new Frames();
        try {
            WebSocket socket = http.client()
                    .newWebSocketBuilder()
                    .subprotocols("push-notification")
                    .connectTimeout(ANSWER)
                    .buildAsync(URI.create(address), frames)
                    .join();
            PushSocket push = new PushSocket(socket, frames.queue);
            push.send(Json.object().put("messageType", "hello").put("uaid", "").put("use_webpush", true));
            push.await("hello");
            return push;
        } catch (CompletionException e) {
            if (e.getCause() instanceof java.net.http.WebSocketHandshakeException refused
                    && refused.getResponse() != null) {
                int status = refused.getResponse().statusCode();
                throw new IOException(
                        status == 403
                                ? "Messaging is off for this account: switch it on with 'consent on messaging'"
                                : "The messaging service refused the device's connection (" + status + ")",
                        e);
            }
            throw new IOException(
                    "The messaging service cannot be reached: " + e.getCause().getMessage(), e);
        }
    }

    /** The push endpoint of a channel; asking again for the same channel gives one that reaches it too. */
    public URI register(UUID channel) throws IOException {
        return register(Json.object().put("channelID", channel.toString()));
    }

    /**
     * The same, taking messages of one sender only.
     *
     * @param senderKey the public key that the sender signs with (VAPID, RFC 8292): an uncompressed P-256 point, base64url
     */
    public URI register(UUID channel, String senderKey) throws IOException {
        return register(Json.object().put("channelID", channel.toString()).put("key", senderKey));
    }

    private URI register(ObjectNode frame) throws IOException {
        send(frame.put("messageType", "register"));
        JsonNode answer = await("register");
        if (answer.path("status").asInt() != 200) {
            throw new IOException("The messaging service refused to register the inbox ("
                    + answer.path("status").asInt() + ")");
        }
        return URI.create(answer.path("pushEndpoint").asText());
    }

    /**
     * The next message, or null when none came in time. It comes again, also on a later connection, until it is acknowledged.
     *
     * @throws IOException when the connection has ended
     */
    public Notification next(Duration timeout) throws IOException {
        JsonNode frame = early.isEmpty() ? poll(timeout) : early.poll();
        if (frame == null || !frame.path("messageType").asText().equals("notification")) {
            return null;
        }
        return new Notification(
                UUID.fromString(frame.path("channelID").asText()),
                frame.path("version").asText(),
                Base64.getUrlDecoder().decode(frame.path("data").asText("")));
    }

    /** Tells the service that the message is safe here: it deletes it. */
    public void acknowledge(Notification notification) throws IOException {
        acknowledge(notification, DELIVERED);
    }

    /** Tells the service that the message cannot be read here: it deletes it, and its sender is told so. */
    public void refuse(Notification notification) throws IOException {
        acknowledge(notification, NOT_DECRYPTED);
    }

    private void acknowledge(Notification notification, int code) throws IOException {
        ObjectNode ack = Json.object().put("messageType", "ack");
        ack.putArray("updates")
                .addObject()
                .put("channelID", notification.channel().toString())
                .put("version", notification.version())
                .put("code", code);
        send(ack);
    }

    private JsonNode await(String type) throws IOException {
        for (JsonNode frame = poll(ANSWER); frame != null; frame = poll(ANSWER)) {
            if (frame.path("messageType").asText().equals(type)) {
                return frame;
            }
            early.add(frame);
        }
        throw new IOException("The messaging service did not answer to " + type);
    }

    private JsonNode poll(Duration timeout) throws IOException {
        try {
            JsonNode frame = frames.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (frame != null && frame.has(Frames.CLOSED)) {
                frames.add(frame);
                throw new IOException(
                        "The connection ended: " + frame.path(Frames.CLOSED).asText());
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("Listening was interrupted");
        }
    }

    private void send(JsonNode frame) throws IOException {
        try {
            socket.sendText(new String(Json.bytes(frame), java.nio.charset.StandardCharsets.UTF_8), true)
                    .join();
        } catch (CompletionException e) {
            throw new IOException("The connection to the messaging service is broken", e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Joins the parts of frames and queues them; the end of the connection is a frame of its own. */
    private static final class Frames implements WebSocket.Listener {
        static final String CLOSED = "closed";

        private final BlockingQueue<JsonNode> queue = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    queue.add(Json.parse(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    queue.add(Json.object().put(CLOSED, "the service sent what is not JSON"));
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            queue.add(Json.object().put(CLOSED, reason + " (" + code + ")"));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            queue.add(Json.object().put(CLOSED, String.valueOf(error.getMessage())));
        }
    }
}
