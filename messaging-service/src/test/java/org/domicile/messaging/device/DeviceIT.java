package org.domicile.messaging.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.RawClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestRegions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class DeviceIT {
    private static final String HELLO = "{\"messageType\":\"hello\",\"use_webpush\":true}";

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    Presence presence;

    @Inject
    Pool pool;

    private Sender sender;
    private TestDevice device;

    @BeforeEach
    void account() {
        sender = new Sender(service);
        device = accounts.open();
    }

    @Test
    void hello_answers_with_the_same_uaid_on_every_connection_of_the_device() {
        String first;
        try (var client = AutopushClient.open(service, device)) {
            assertEquals("push-notification", client.subprotocol());
            var hello = client.hello();
            assertEquals(200, hello.getInteger("status"));
            first = hello.getString("uaid");
        }
        try (var client = AutopushClient.open(service, device)) {
            assertEquals(first, client.hello().getString("uaid"));
        }
    }

    @Test
    void a_device_that_brings_another_uaid_is_told_its_own_and_broadcasts_are_tolerated() {
        try (var client = AutopushClient.open(service, device)) {
            client.send("{\"messageType\":\"hello\",\"uaid\":\"" + "0".repeat(32)
                    + "\",\"use_webpush\":true,\"broadcasts\":{\"remote-settings/monitor_changes\":\"1\"}}");
            var hello = client.expect("hello");
            assertNotEquals("0".repeat(32), hello.getString("uaid"));
            assertEquals(true, hello.getBoolean("use_webpush"));
            assertEquals(new JsonObject(), hello.getJsonObject("broadcasts"));
            client.send("{\"messageType\":\"broadcast_subscribe\",\"broadcasts\":{\"a/b\":\"1\"}}");
            client.expectNothing();
        }
    }

    @Test
    void a_device_that_brings_its_uaid_or_none_keeps_its_registrations() {
        String uaid;
        String endpoint;
        try (var client = AutopushClient.open(service, device)) {
            uaid = client.hello().getString("uaid");
            endpoint = client.register();
        }
        var dashed = uaid.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")
                .toUpperCase(Locale.ROOT);
        for (var brought : List.of(uaid, dashed, "")) {
            sender.wake(endpoint, 60);
            try (var client = AutopushClient.open(service, device)) {
                assertEquals(uaid, client.hello(brought).getString("uaid"));
                client.ack(client.notification());
            }
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    @Test
    void of_a_device_that_brings_another_uaid_the_registrations_end_as_it_is_told() {
        String before;
        String endpoint;
        try (var client = AutopushClient.open(service, device)) {
            before = client.hello().getString("uaid");
            endpoint = client.register();
        }
        var headers = Map.of("TTL", "60", "Prefer", "respond-async");
        assertEquals(202, sender.post(endpoint, new byte[0], headers).statusCode());

        String after;
        try (var client = AutopushClient.open(service, device)) {
            after = client.hello("0".repeat(32)).getString("uaid");
            assertNotEquals(before, after);
            assertNotEquals("0".repeat(32), after);
            client.expectNothing();
            assertEquals(404, sender.wake(endpoint, 60).statusCode());
            assertEquals(0, accounts.rows("message", device.account()));
            assertEquals(0, accounts.rows("subscription", device.account()));
            endpoint = client.register();
        }
        try (var client = AutopushClient.open(service, device)) {
            assertEquals(after, client.hello(after).getString("uaid"));
            assertEquals(201, sender.wake(endpoint, 60).statusCode());
            client.notification();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 102})
    void an_ack_of_any_code_ends_the_message(int code) {
        try (var client = AutopushClient.connect(service, device)) {
            sender.wake(client.register(), 60);
            var notification = client.notification();
            client.ack(code, notification);
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    @Test
    void what_was_not_acknowledged_comes_again_in_order_with_the_same_version() {
        String endpoint;
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register();
        }
        for (int i = 0; i < SmallLimits.BACKLOG; i++) {
            sender.send(endpoint, "m" + i, 60, null);
        }
        List<String> first;
        try (var client = AutopushClient.connect(service, device)) {
            first = versions(client, SmallLimits.WINDOW);
            client.expectNothing();
            client.abort();
        }
        var all = new ArrayList<String>();
        try (var client = AutopushClient.connect(service, device)) {
            for (int i = 0; i < SmallLimits.BACKLOG; i++) {
                var notification = client.notification();
                all.add(notification.getString("version"));
                client.ack(notification);
            }
            client.expectNothing();
        }
        assertEquals(first, all.subList(0, SmallLimits.WINDOW));
        assertEquals(SmallLimits.BACKLOG, all.stream().distinct().count());
        accounts.awaitRows("message", device.account(), 0);
    }

    @Test
    void a_message_that_is_accepted_while_its_device_connects_reaches_that_connection() {
        String endpoint;
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register();
        }
        for (int i = 0; i < 50; i++) {
            var accepted = CompletableFuture.supplyAsync(
                    () -> sender.wake(endpoint, 60).statusCode());
            try (var client = AutopushClient.connect(service, device)) {
                client.ack(client.notification());
                assertEquals(201, accepted.join());
                accounts.awaitRows("message", device.account(), 0);
                client.expectNothing();
            }
        }
    }

    @Test
    void a_message_that_is_stored_while_hello_waits_for_its_transaction_reaches_that_connection() {
        var channel = UUID.randomUUID();
        var message = UUID.randomUUID();
        try (var client = AutopushClient.connect(service, device)) {
            client.register(channel, null);
        }
        accounts.awaitRows("presence", device.account(), 0);
        try (var client = AutopushClient.open(service, device)) {
            var hello = new CompletableFuture<JsonObject>();
            accounts.whileHeld(device.account(), () -> hello.completeAsync(client::hello), held -> held.preparedQuery(
                            "insert into message (account_id, message_id, device_id, channel_id,"
                                    + " location_sha256, body, expires, version) values ($1, $2, $3, $4, '', '',"
                                    + " now() + interval '1 hour', 1)")
                    .execute(Tuple.of(
                            device.account().value(), message, device.id().value(), channel)));
            hello.join();
            assertEquals(message.toString(), client.notification().getString("version"));
        }
    }

    @Test
    void a_message_that_waits_for_the_transaction_in_which_a_connection_is_made_known_reaches_that_connection() {
        try (var client = AutopushClient.connect(service, device)) {
            var endpoint = client.register();
            var known = pool.preparedQuery(
                            "delete from presence where account_id = $1 returning instance_id, connection")
                    .executeAndAwait(Tuple.of(device.account().value()))
                    .iterator()
                    .next();
            var accepted = new CompletableFuture<Integer>();
            accounts.whileHeld(
                    device.account(),
                    () -> accepted.completeAsync(() -> sender.wake(endpoint, 60).statusCode()),
                    held -> held.preparedQuery("insert into presence (account_id, device_id, instance_id, connection)"
                                    + " values ($1, $2, $3, $4)")
                            .execute(Tuple.of(
                                    device.account().value(),
                                    device.id().value(),
                                    known.getUUID("instance_id"),
                                    known.getLong("connection"))));
            assertEquals(201, accepted.join());
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    private void takesOneMessage(AutopushClient client) {
        client.ack(client.notification());
        accounts.awaitRows("message", device.account(), 0);
        client.expectNothing();
    }

    @Test
    void a_nacked_message_comes_again_on_the_next_connection_only() {
        String version;
        try (var client = AutopushClient.connect(service, device)) {
            sender.wake(client.register(), 60);
            var notification = client.notification();
            version = notification.getString("version");
            client.nack(notification);
            client.expectNothing();
        }
        try (var client = AutopushClient.connect(service, device)) {
            assertEquals(version, client.notification().getString("version"));
        }
    }

    @Test
    void what_matters_less_than_a_device_wants_waits_until_it_wants_it() {
        try (var client = AutopushClient.connect(service, device)) {
            var endpoint = client.register();
            assertEquals(200, client.urgency("high").getInteger("status"));
            for (var urgency : List.of("low", "normal", "high")) {
                var headers = Map.of("TTL", "60", "Urgency", urgency);
                assertEquals(201, sender.post(endpoint, new byte[0], headers).statusCode());
            }
            sender.post(endpoint, new byte[0], Map.of("TTL", "0", "Urgency", "low"));
            var high = client.notification();
            client.ack(high);
            client.expectNothing();
            accounts.awaitRows("message", device.account(), 2);

            assertEquals(200, client.urgency("normal").getInteger("status"));
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), 1);
            assertEquals(400, client.urgency("whenever").getInteger("status"));
        }
        try (var client = AutopushClient.connect(service, device)) {
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    @Test
    void a_second_connection_replaces_the_first() {
        try (var first = AutopushClient.connect(service, device);
                var second = AutopushClient.connect(service, device)) {
            assertEquals(CloseReason.REPLACED.code(), first.closeCode());
            sender.wake(second.register(), 60);
            second.notification();
        }
    }

    @Test
    void two_devices_of_an_account_get_their_own_messages() {
        var other = accounts.device(device.account());
        accounts.devices(device.account(), device, other);
        try (var one = AutopushClient.connect(service, device);
                var two = AutopushClient.connect(service, other)) {
            sender.wake(one.register(), 60);
            one.notification();
            two.expectNothing();
        }
    }

    @Test
    void a_withdrawn_consent_closes_the_open_connection_and_refuses_the_next() {
        try (var client = AutopushClient.connect(service, device)) {
            accounts.consent(device.account());
            assertEquals(CloseReason.CONSENT_WITHDRAWN.code(), client.closeCode());
        }
        assertEquals(403, AutopushClient.refusal(service, device.credential()));
    }

    @Test
    void a_revoked_device_is_closed_and_refused() {
        try (var client = AutopushClient.connect(service, device)) {
            accounts.devices(device.account());
            assertEquals(CloseReason.REVOKED.code(), client.closeCode());
        }
        assertEquals(401, AutopushClient.refusal(service, device.credential()));
    }

    @Test
    void a_wrong_credential_is_refused_before_the_upgrade() {
        assertEquals(401, AutopushClient.refusal(service, device.id() + "." + "x".repeat(43)));
        assertEquals(401, AutopushClient.refusal(service, "nonsense"));
        assertEquals(401, AutopushClient.refusal(service, ".x"));
        assertEquals(
                401,
                AutopushClient.refusal(
                        service, accounts.device(device.account()).credential()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello|1007",
                "[]|1007",
                "{\"messageType\":\"ack\",\"updates\":7}|1007",
                "{\"messageType\":\"register\",\"channelID\":\"no\"}|1007",
                "{\"messageType\":\"teapot\"}|1002",
                "{\"messageType\":\"hello\"}|1002"
            })
    void a_bad_frame_closes_with_a_precise_code(String frame, int code) {
        try (var client = AutopushClient.connect(service, device)) {
            client.send(frame);
            assertEquals(code, client.closeCode());
        }
    }

    @Test
    void large_binary_early_and_hasty_frames_close_with_their_own_codes() {
        try (var client = AutopushClient.connect(service, device)) {
            client.send("{\"messageType\":\"" + "x".repeat(20_000) + "\"}");
            assertEquals(1009, client.closeCode());
        }
        try (var client = AutopushClient.connect(service, device)) {
            client.sendBinary();
            assertEquals(1003, client.closeCode());
        }
        try (var client = AutopushClient.open(service, device)) {
            client.send("{}");
            assertEquals(1002, client.closeCode());
        }
        try (var client = AutopushClient.connect(service, device)) {
            client.send("{}");
            client.send("{}");
            assertEquals(1008, client.closeCode());
        }
        try (var client = AutopushClient.open(service, device)) {
            assertEquals(1002, client.closeCode(), "hello timeout");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8380 00000000,1002,an opcode that is reserved",
        "8b80 00000000,1002,a control opcode that is reserved",
        "c180 00000000,1002,a bit that no extension has claimed",
        "8102 7b7d,1002,not masked",
        "8182 00000000 c328,1007,not UTF-8",
        "8080 00000000,1002,a continuation of nothing",
        "0980 00000000,1002,a ping in fragments",
        "89fe 007e 00000000,1002,a ping of 126 bytes"
    })
    void a_frame_that_breaks_the_protocol_of_websockets_closes_with_its_code(String hex, int code, String what) {
        try (var client = new RawClient(service, device)) {
            client.send(HELLO);
            client.next();
            client.sendBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertEquals(code, client.closeCode(), what);
        }
    }

    @Test
    void a_client_of_unifiedpush_names_no_subprotocol_and_has_no_uaid_yet() {
        try (var client = AutopushClient.openWithoutSubprotocol(service, device)) {
            assertEquals("", client.subprotocol());
            client.send("{\"messageType\":\"hello\",\"uaid\":null,\"use_webpush\":true}");
            assertNotEquals(null, client.expect("hello").getString("uaid"));
            assertEquals(201, sender.wake(client.register(), 60).statusCode());
            takesOneMessage(client);
        }
    }

    @Test
    void a_frame_that_is_too_large_for_the_socket_closes_with_its_own_code_in_one_piece_or_many() {
        var large = "{\"messageType\":\"" + "x".repeat(40_000) + "\"}";
        try (var client = AutopushClient.connect(service, device)) {
            client.send(large);
            assertEquals(1009, client.closeCode());
        }
        try (var client = new RawClient(service, device)) {
            client.send(large);
            assertEquals(1009, client.closeCode());
        }
    }

    @Test
    void of_a_client_that_does_not_read_the_service_reads_no_further() {
        var refused = "{\"messageType\":\"register\",\"channelID\":\"" + UUID.randomUUID() + "\",\"key\":\"x\"}";
        var most = 400_000;
        try (var client = new RawClient(service, device)) {
            client.send("{\"messageType\":\"hello\"}");
            assertEquals("hello", new JsonObject(client.next()).getString("messageType"));

            var sent = client.flood(refused, most);
            assertTrue(sent < most, "all was taken");

            // and it goes on where it stopped, as soon as the client reads
            Thread.ofVirtual().start(client::finish);
            for (int i = 0; i < sent; i++) {
                assertEquals(400, new JsonObject(client.next()).getInteger("status"));
            }
        }
    }

    @Test
    void an_unregistered_channel_is_gone_with_what_waited_for_it() {
        var channel = UUID.randomUUID();
        try (var client = AutopushClient.connect(service, device)) {
            var endpoint = client.register(channel, null).getString("pushEndpoint");
            sender.wake(endpoint, 60);
            client.notification();
            assertEquals(200, client.unregister(channel).getInteger("status"));
            assertEquals(404, sender.wake(endpoint, 60).statusCode());
            assertEquals(0, accounts.rows("message", device.account()));
        }
    }

    @Test
    void a_channel_that_ends_with_a_full_window_leaves_room_for_what_waits_for_others() {
        var channel = UUID.randomUUID();
        try (var client = AutopushClient.connect(service, device)) {
            var endpoint = client.register(channel, null).getString("pushEndpoint");
            var other = client.register();
            for (int i = 0; i < SmallLimits.WINDOW; i++) {
                assertEquals(201, sender.wake(endpoint, 60).statusCode());
                client.notification();
            }
            assertEquals(201, sender.wake(other, 60).statusCode());
            client.expectNothing();
            client.unregister(channel);
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    @Test
    void a_register_that_cannot_be_is_answered_with_a_status() {
        try (var client = AutopushClient.connect(service, device)) {
            assertEquals(400, client.register(UUID.randomUUID(), "no key").getInteger("status"));
            for (int i = 0; i < 4; i++) {
                client.register();
            }
            var refused = client.register(UUID.randomUUID(), null);
            assertEquals(429, refused.getInteger("status"));
            assertEquals("", refused.getString("pushEndpoint"));
            accounts.fence(device.account(), "FROZEN");
            assertEquals(503, client.register(UUID.randomUUID(), null).getInteger("status"));
        }
    }

    @Test
    void registering_a_channel_again_gives_the_same_endpoint_unless_the_sender_changes() {
        var channel = UUID.randomUUID();
        String before;
        try (var client = AutopushClient.connect(service, device)) {
            before = client.register(channel, null).getString("pushEndpoint");
        }
        try (var client = AutopushClient.connect(service, device)) {
            assertEquals(before, client.register(channel, null).getString("pushEndpoint"));
            var bound = client.register(channel, sender.publicKey()).getString("pushEndpoint");
            assertNotEquals(before, bound);
            assertEquals(404, sender.wake(before, 60).statusCode());
            assertEquals(201, sender.send(bound, "x", 60, null).statusCode());
        }
    }

    @Test
    void a_socket_of_an_account_that_has_left_closes_and_the_next_is_relayed() {
        try (var client = AutopushClient.connect(service, device)) {
            accounts.fence(device.account(), "SHADOW");
            accounts.residency(device.account(), TestRegions.SG);
            presence.endAll(device.account());
            assertEquals(CloseReason.MOVED.code(), client.closeCode());
        }
        assertEquals(503, AutopushClient.refusal(service, device.credential()), "its home cannot be reached");
    }

    private static List<String> versions(AutopushClient client, int count) {
        var versions = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            JsonObject notification = client.notification();
            versions.add(notification.getString("version"));
        }
        return versions;
    }
}
