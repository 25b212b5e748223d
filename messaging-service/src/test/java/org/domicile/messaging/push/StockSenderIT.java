package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.NodeSender;
import org.domicile.messaging.testing.Recipient;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.StockJavaSender;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.messaging.testing.Tls;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.Programs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unmodified Web Push libraries send to the endpoint as it was handed out, over TLS; the device decrypts what comes. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class StockSenderIT {
    private static final String TEXT = "Grüße, 你好";

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    private final Recipient recipient = new Recipient();
    private TestDevice device;

    @BeforeEach
    void account() {
        device = accounts.open();
    }

    @Test
    void the_java_library_sends_and_the_device_reads() {
        var sender = new StockJavaSender();
        try (var client = AutopushClient.connect(service, device)) {
            var bound = client.register(UUID.randomUUID(), sender.publicKey()).getString("pushEndpoint");
            assertEquals(201, sender.send(bound, recipient, TEXT));
            assertReads(client);
            assertEquals(403, new StockJavaSender().send(bound, recipient, TEXT), "another sender's key");
            client.expectNothing();
        }
    }

    @Test
    void the_npm_library_sends_and_the_device_reads() {
        Programs.require("npm", NodeSender.missing());
        var keys = new StockJavaSender();
        try (var client = AutopushClient.connect(service, device)) {
            var bound = client.register(UUID.randomUUID(), keys.publicKey()).getString("pushEndpoint");
            var message = new JsonObject()
                    .put("text", TEXT)
                    .put("ttl", 60)
                    .put("topic", "greeting")
                    .put(
                            "vapid",
                            new JsonObject().put("publicKey", keys.publicKey()).put("privateKey", keys.privateKey()))
                    .put(
                            "subscription",
                            new JsonObject()
                                    .put("endpoint", bound)
                                    .put(
                                            "keys",
                                            new JsonObject()
                                                    .put("p256dh", recipient.p256dh())
                                                    .put("auth", recipient.auth())));
            var accepted = NodeSender.send(message);
            assertEquals(201, accepted.getInteger("status"), accepted.encode());
            assertReads(client);
            message.remove("vapid");
            assertEquals(401, NodeSender.send(message).getInteger("status"));
        }
    }

    @Test
    void an_application_discovers_what_kind_of_endpoint_it_was_given() throws Exception {
        try (var client = AutopushClient.connect(service, device);
                var http = HttpClient.newBuilder().sslContext(Tls.context()).build()) {
            var endpoint = URI.create(client.register());
            var answer = http.send(HttpRequest.newBuilder(endpoint).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertEquals("{\"unifiedpush\":{\"version\":1}}", answer.body());
        }
    }

    private void assertReads(AutopushClient client) {
        var notification = client.notification();
        var data = Base64.getUrlDecoder().decode(notification.getString("data"));
        assertArrayEquals(TEXT.getBytes(StandardCharsets.UTF_8), recipient.decrypt(data));
        client.ack(notification);
    }
}
