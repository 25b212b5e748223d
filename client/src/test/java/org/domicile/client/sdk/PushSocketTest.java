package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.domicile.client.http.Http;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.testing.AutopushServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushSocketTest {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final UUID CHANNEL = UUID.fromString("1c2b3a49-0000-4000-8000-000000000001");
    private static final Account.Device DEVICE = new Account.Device("device", new Secret("secret"));

    private final AutopushServer server = new AutopushServer();
    private final SecureRandom random = new SecureRandom();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void messages_are_taken_decrypted_and_acknowledged() throws Exception {
        InboxKeys keys = InboxKeys.generate(random);
        try (PushSocket socket = connected()) {
            assertTrue(server.requested().startsWith("GET /connect/device.secret HTTP/1.1"));
            assertTrue(server.requested().contains("push-notification"));

            byte[] body = WebPushCipher.encrypt("hi".getBytes(StandardCharsets.UTF_8), keys.forSenders(), random);
            server.send(
                    "{\"messageType\":\"notification\",\"channelID\":\"" + CHANNEL + "\",\"version\":\"v1\",\"data\":\""
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(body)
                            + "\",\"headers\":{\"encoding\":\"aes128gcm\"}}");
            PushSocket.Notification notification = socket.next(WAIT);

            assertArrayEquals("hi".getBytes(StandardCharsets.UTF_8), WebPushCipher.decrypt(notification.body(), keys));
            socket.acknowledge(notification);
            JsonNode ack = frame();
            assertEquals("ack", ack.path("messageType").asText());
            assertEquals("v1", ack.path("updates").path(0).path("version").asText());
        }
    }

    @Test
    void a_message_that_comes_before_the_endpoint_is_not_lost() throws Exception {
        try (PushSocket socket = connected()) {
            CompletableFuture<URI> endpoint = CompletableFuture.supplyAsync(() -> {
                try {
                    return socket.register(CHANNEL);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            assertEquals(CHANNEL.toString(), frame().path("channelID").asText());
            server.send("{\"messageType\":\"notification\",\"channelID\":\"" + CHANNEL + "\",\"version\":\"early\"}");
            server.send("{\"messageType\":\"register\",\"channelID\":\"" + CHANNEL
                    + "\",\"status\":200,\"pushEndpoint\":\"https://localhost:1/push/c\"}");

            assertEquals(URI.create("https://localhost:1/push/c"), endpoint.get());
            assertEquals("early", socket.next(WAIT).version());
            assertNull(socket.next(Duration.ofMillis(1)));
        }
    }

    @Test
    void a_lost_connection_is_told() throws Exception {
        try (PushSocket socket = connected()) {
            server.close();

            assertThrows(IOException.class, () -> socket.next(WAIT));
        }
    }

    @Test
    void messaging_that_is_off_is_said_with_what_to_do() {
        server.refuse(403);

        IOException refused = assertThrows(IOException.class, () -> PushSocket.connect(http(), origin(), DEVICE));

        assertTrue(refused.getMessage().contains("consent on messaging"), refused.getMessage());
    }

    private PushSocket connected() throws Exception {
        CompletableFuture<PushSocket> connecting = CompletableFuture.supplyAsync(() -> {
            try {
                return PushSocket.connect(http(), origin(), DEVICE);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        assertEquals("hello", frame().path("messageType").asText());
        server.send("{\"messageType\":\"hello\",\"uaid\":\"u\",\"status\":200,\"use_webpush\":true}");
        return connecting.get();
    }

    private JsonNode frame() throws Exception {
        return Json.parse(server.received().getBytes(StandardCharsets.UTF_8));
    }

    private URI origin() {
        return URI.create("http://localhost:" + server.port());
    }

    private static Http http() {
        return new Http(HttpClient.newHttpClient(), RetryPolicy.NONE, new Random(1));
    }
}
