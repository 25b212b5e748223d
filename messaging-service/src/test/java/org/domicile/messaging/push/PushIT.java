package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Endpoints;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestRegions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class PushIT {
    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    private Sender sender;
    private TestDevice device;

    @BeforeEach
    void account() {
        sender = new Sender(service);
        device = accounts.open();
    }

    @Test
    void a_message_of_a_stock_library_reaches_the_connected_device_and_its_row_ends_with_the_ack() {
        try (var client = AutopushClient.connect(service, device)) {
            var channel = UUID.randomUUID();
            var endpoint = client.register(channel, sender.publicKey()).getString("pushEndpoint");
            assertTrue(endpoint.startsWith(SmallLimits.PUSH_ORIGIN + "/push/"));

            var accepted = sender.send(endpoint, "hello", 60, null);
            assertEquals(201, accepted.statusCode(), accepted.body());
            assertEquals("60", header(accepted, "TTL"));

            var notification = client.notification();
            assertEquals(channel.toString(), notification.getString("channelID"));
            assertEquals("aes128gcm", notification.getJsonObject("headers").getString("encoding"));
            assertEquals(1, accounts.rows("message", device.account()));
            client.ack(notification);
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    @Test
    void a_message_waits_for_an_offline_device_and_is_cancelled_by_a_delete_of_its_url() {
        var endpoint = endpoint();
        var first = sender.send(endpoint, "cancelled", 60, null);
        assertEquals(201, sender.send(endpoint, "kept", 60, null).statusCode());
        var location = header(first, "Location");
        assertTrue(location.startsWith(SmallLimits.PUSH_ORIGIN + "/push/message/"));
        assertEquals(204, sender.delete(location).statusCode());
        assertEquals(404, sender.delete(location).statusCode());
        try (var client = AutopushClient.connect(service, device)) {
            client.ack(client.notification());
            client.expectNothing();
        }
        accounts.awaitRows("message", device.account(), 0);
    }

    @Test
    void ttl_zero_never_touches_the_disk() {
        var endpoint = endpoint();
        try (var messages = accounts.refusing(device.account());
                var events = accounts.refusing("outbox", "new.key = '" + device.account() + "'")) {
            var offline = sender.send(endpoint, "nobody listens", 0, null);
            assertEquals(201, offline.statusCode());
            assertEquals("0", header(offline, "TTL"));
            assertEquals(404, sender.delete(header(offline, "Location")).statusCode());
            try (var client = AutopushClient.connect(service, device)) {
                client.expectNothing();
                assertEquals(201, sender.send(endpoint, "now", 0, null).statusCode());
                client.ack(client.notification());
            }
            try (var client = AutopushClient.connect(service, device)) {
                client.expectNothing();
            }
            assertEquals(500, sender.wake(endpoint, 60).statusCode(), "one that is stored is refused");
        }
        assertEquals(201, sender.wake(endpoint, 60).statusCode());
    }

    @Test
    void a_topic_replaces_the_message_that_waits() {
        var endpoint = endpoint();
        sender.send(endpoint, "old", 60, "score");
        sender.send(endpoint, "other", 60, "weather");
        var newest = sender.send(endpoint, "new", 60, "score");
        assertEquals(2, accounts.rows("message", device.account()));
        assertEquals(201, sender.send(endpoint, "now or never", 0, "weather").statusCode());
        assertEquals(1, accounts.rows("message", device.account()), "a message of TTL 0 replaces, too");
        assertEquals(204, sender.delete(header(newest, "Location")).statusCode());
    }

    @Test
    void a_full_backlog_is_refused_before_it_is_accepted() {
        var endpoint = endpoint();
        for (int i = 0; i < SmallLimits.BACKLOG; i++) {
            assertEquals(201, sender.wake(endpoint, 60).statusCode());
        }
        var refused = sender.wake(endpoint, 60);
        assertProblem(429, "too-many-requests", refused);
        assertFalse(header(refused, "Retry-After").isEmpty());
        assertEquals(SmallLimits.BACKLOG, accounts.rows("message", device.account()));
        try (var client = AutopushClient.connect(service, device)) {
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), SmallLimits.BACKLOG - 1);
        }
        assertEquals(201, sender.wake(endpoint, 60).statusCode());
    }

    @Test
    void a_long_ttl_is_shortened_and_echoed() {
        var accepted = sender.wake(endpoint(), Integer.MAX_VALUE);
        assertEquals(201, accepted.statusCode());
        assertEquals(Integer.toString(30 * 24 * 3600), header(accepted, "TTL"));
    }

    @Test
    void an_expired_message_is_purged() {
        assertEquals(201, sender.wake(endpoint(), 1).statusCode());
        assertEquals(1, accounts.rows("message", device.account()));
        accounts.awaitRows("message", device.account(), 0);
    }

    @Test
    void bad_requests_get_a_precise_answer_and_store_nothing() {
        var endpoint = endpoint();
        assertProblem(400, "invalid-request", sender.post(endpoint, new byte[0], Map.of()));
        assertProblem(400, "invalid-request", sender.post(endpoint, new byte[0], Map.of("TTL", "-1")));
        assertProblem(400, "invalid-request", sender.post(endpoint, new byte[0], Map.of("TTL", "1", "Urgency", "!")));
        assertProblem(415, "unsupported-media-type", sender.post(endpoint, "clear".getBytes(), Map.of("TTL", "1")));
        assertProblem(
                400,
                "invalid-request",
                sender.post(endpoint, new byte[40], Map.of("TTL", "1", "Content-Encoding", "aes128gcm")));
        assertProblem(
                413,
                "payload-too-large",
                sender.post(endpoint, new byte[5000], Map.of("TTL", "1", "Content-Encoding", "aes128gcm")));
        assertProblem(
                403, "forbidden", sender.post(endpoint, new byte[0], Map.of("TTL", "1", "Authorization", "vapid t=x")));
        assertEquals(0, accounts.rows("message", device.account()));
    }

    @Test
    void a_signature_must_be_good_even_where_none_is_needed() {
        var endpoint = endpoint();
        var soon = Instant.now().plusSeconds(600);
        assertEquals(
                201,
                signed(endpoint, sender.vapid(SmallLimits.PUSH_ORIGIN, soon)).statusCode());
        for (var bad : new String[] {
            sender.vapid(SmallLimits.PUSH_ORIGIN, Instant.now().minusSeconds(1)),
            sender.vapid(SmallLimits.PUSH_ORIGIN, Instant.now().plus(Duration.ofHours(25))),
            sender.vapid("https://push.example", soon),
            sender.vapid(SmallLimits.PUSH_ORIGIN, soon).replaceFirst("t=.", "t=*"),
            sender.vapid(SmallLimits.PUSH_ORIGIN, soon).replaceFirst("k=.*", "k=!!!"),
            "Basic eDp5"
        }) {
            assertProblem(403, "forbidden", signed(endpoint, bad));
        }
        assertEquals(1, accounts.rows("message", device.account()));
    }

    @Test
    void an_endpoint_is_a_short_url_under_the_push_origin_and_each_registration_has_its_own() {
        try (var client = AutopushClient.connect(service, device)) {
            var first = client.register();
            var second = client.register();
            assertTrue(first.startsWith(SmallLimits.PUSH_ORIGIN + "/push/"));
            assertTrue(first.length() < 1000);
            assertNotEquals(first, second);
        }
    }

    @Test
    void a_payload_of_4096_bytes_is_taken() {
        try (var client = AutopushClient.connect(service, device)) {
            var body = ByteBuffer.allocate(4096 + 86 + 17)
                    .putInt(16, 4096)
                    .put(20, (byte) 65)
                    .array();
            var accepted = sender.post(client.register(), body, Map.of("TTL", "60", "Content-Encoding", "aes128gcm"));
            assertEquals(201, accepted.statusCode(), accepted.body());
            var data = client.notification().getString("data");
            assertEquals(
                    ByteBuffer.wrap(body),
                    ByteBuffer.wrap(Base64.getUrlDecoder().decode(data)));
        }
    }

    @Test
    void an_address_that_leads_nowhere_is_404() {
        var foreign = endpoint().replaceFirst("[^/]{8}$", "AAAAAAAA");
        assertProblem(404, "not-found", sender.wake(foreign, 60));
        assertProblem(404, "not-found", sender.wake(SmallLimits.PUSH_ORIGIN + "/push/nonsense", 60));
        assertProblem(404, "not-found", sender.delete(SmallLimits.PUSH_ORIGIN + "/push/message/nonsense"));
    }

    @Test
    void a_forged_address_is_404_whatever_of_it_is_forged() {
        var endpoint = endpoint();
        for (var at : new int[] {0, 16, -1}) {
            assertProblem(404, "not-found", sender.wake(Endpoints.changed(endpoint, at), 60));
        }
    }

    @Test
    void an_endpoint_that_was_spelled_before_still_takes_messages() {
        try (var client = AutopushClient.connect(service, device)) {
            var before = Endpoints.spelledBefore(client.register(), device.account());
            assertEquals(201, sender.wake(before, 60).statusCode());
            client.notification();
        }
    }

    @Test
    void a_subscription_with_a_key_takes_messages_of_that_sender_only() {
        try (var client = AutopushClient.connect(service, device)) {
            var endpoint =
                    client.register(UUID.randomUUID(), sender.publicKey()).getString("pushEndpoint");
            assertProblem(401, "unauthorized", sender.wake(endpoint, 60));
            var other = new Sender(service).send(endpoint, "spam", 60, null);
            assertProblem(403, "forbidden", other);
            assertEquals(201, sender.send(endpoint, "wanted", 60, null).statusCode());
            client.notification();
            client.expectNothing();
        }
    }

    @Test
    void without_consent_nothing_is_taken() {
        var endpoint = endpoint();
        accounts.refuse(device.account());
        assertProblem(403, "consent-required", sender.wake(endpoint, 60));
        assertProblem(403, "consent-required", sender.wake(endpoint, 0));
        assertEquals(0, accounts.rows("message", device.account()));
    }

    @Test
    void a_frozen_account_is_503_after_the_deadline_and_open_again_when_thawed() {
        var endpoint = endpoint();
        accounts.fence(device.account(), "FROZEN");
        var refused = sender.wake(endpoint, 60);
        assertProblem(503, "account-frozen", refused);
        assertEquals("1", header(refused, "Retry-After"));
        accounts.fence(device.account(), "OWN");
        assertEquals(201, sender.wake(endpoint, 60).statusCode());
    }

    @Test
    void an_unreachable_home_region_is_503_and_nothing_is_stored_on_the_way() {
        var endpoint = endpoint();
        accounts.fence(device.account(), "SHADOW");
        assertProblem(503, "unavailable", sender.wake(endpoint, 60));
        accounts.residency(device.account(), TestRegions.SG);
        var refused = sender.send(endpoint, "lost?", 60, null);
        assertProblem(503, "unavailable", refused);
        assertFalse(header(refused, "Retry-After").isEmpty());
        assertEquals(0, accounts.rows("message", device.account()));
    }

    @Test
    void a_subscription_that_ends_while_a_message_for_it_waits_is_gone() {
        var endpoint = endpoint();
        // nothing else wants the account's row
        accounts.awaitRows("presence", device.account(), 0);
        var sending = new CompletableFuture<HttpResponse<String>>();

        accounts.whileHeld(
                device.account(),
                () -> sending.completeAsync(() -> sender.send(endpoint, "late", 60, null)),
                held -> held.preparedQuery("delete from subscription where account_id = $1")
                        .execute(Tuple.of(device.account().value())));

        assertProblem(410, "gone", sending.join());
        assertEquals(0, accounts.rows("message", device.account()));
    }

    private String endpoint() {
        try (var client = AutopushClient.connect(service, device)) {
            return client.register();
        }
    }

    private HttpResponse<String> signed(String endpoint, String authorization) {
        return sender.post(endpoint, new byte[0], Map.of("TTL", "60", "Authorization", authorization));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static void assertProblem(int status, String code, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals("application/problem+json", header(response, "Content-Type"));
        assertFalse(response.body().contains("Exception"), response.body());
        assertEquals("https://domicile.dev/errors/" + code, new JsonObject(response.body()).getString("type"));
    }
}
