package org.domicile.messaging.retention;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.domicile.messaging.queue.Expiry;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.messaging.subscription.Withdrawal;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.participant.ExportEndpoint;
import org.domicile.platform.retention.RetentionJob;
import org.domicile.platform.testing.ExportCoverage;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.RetentionChecks;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delivered is gone: no column of any table holds anything of a message that its device has acknowledged. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class RetentionIT {
    private static final Pattern OLDEST = Pattern.compile("domicile_messaging_delivered_oldest_seconds\\{?.*\\s(\\S+)");

    private static final int MANY = 10_000;

    /** Many accounts with a message and a receipt each, of which a few are over, and of which a few have switched messaging off. */
    private static final List<String> CROWD = List.of(
            "create temporary table crowd on commit drop as select gen_random_uuid() as account_id, n"
                    + " from generate_series(1, " + MANY + ") n",
            "insert into fence (account_id, mode, epoch) select account_id, 'OWN', 1 from crowd",
            "insert into consent_projection (account_id, version, epoch, features) select account_id, 1, 1,"
                    + " jsonb_build_object('messaging', jsonb_build_object('granted', n % 100 > 0, 'at',"
                    + " '2026-01-01T00:00:00Z')) from crowd",
            "insert into user_agent (account_id, device_id, uaid, version) select account_id, 'd', gen_random_uuid(), 1"
                    + " from crowd",
            "insert into message (account_id, message_id, device_id, channel_id, location_sha256, body, expires,"
                    + " version) select account_id, uuidv7(), 'd', gen_random_uuid(), sha256(uuid_send(account_id)), '',"
                    + " now() + (n - 10) * interval '1 minute', 1 from crowd",
            "insert into receipt (account_id, message_id, receipt_sha256, location, message_expires, expires, version)"
                    + " select account_id, message_id, location_sha256, '', expires, expires, version from message join"
                    + " crowd using (account_id)",
            "analyze fence, consent_projection, user_agent, message, receipt");

    /** A query, the indexes that it must use, and the tables that it must not read whole. */
    private record Search(String sql, List<String> indexes, List<String> reads) {}

    private static final List<Search> ALL_OVER = List.of(
            new Search(
                    Expiry.OVER.replace("$1", "now()").replace("$2", "1000"),
                    List.of("message_expiry", "receipt_expiry"),
                    List.of("message", "receipt")),
            new Search(
                    "delete from message where account_id = '01900000-0000-7000-8000-000000000000' and expires <="
                            + " now()",
                    List.of(),
                    List.of("message")),
            new Search(
                    "delete from receipt where account_id = '01900000-0000-7000-8000-000000000000' and expires <="
                            + " now()",
                    List.of(),
                    List.of("receipt")),
            new Search(
                    Withdrawal.OVER.replace("$1", "now()").replace("$2", "100"),
                    List.of("messaging_withdrawn"),
                    List.of("consent_projection")));

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    Pool pool;

    @Inject
    MessagingRetention retention;

    @Inject
    ExportEndpoint export;

    @Inject
    RetentionJob job;

    @Inject
    RoutingKeys routing;

    private Sender sender;
    private TestDevice device;

    @BeforeEach
    void account() {
        sender = new Sender(service);
        device = accounts.open();
    }

    @Test
    void an_owners_export_has_every_class_of_data_or_a_reason_why_not() {
        ExportCoverage.assertComplete(
                retention.classes(),
                export.classes(),
                Map.of("withdrawn-messaging", "subscriptions", "revoked-devices", "subscriptions"),
                Map.of(
                        "presence", "which of our servers a device is connected to now",
                        "discovery-budget", "a number that is gone within a day, without whom it was about",
                        "erasure-list", "hashes of accounts that are no more"));
    }

    @Test
    void of_a_delivered_message_no_table_holds_anything() {
        var body = body();
        var headers = Map.of("TTL", "60", "Topic", "scanned", "Content-Encoding", "aes128gcm");
        try (var client = AutopushClient.connect(service, device)) {
            var accepted = sender.post(client.register(), body, headers);
            var notification = client.notification();
            var marks = marks(body, accepted, notification);
            var row = Map.of("message", 1L);
            assertEquals(
                    Map.of("body", row, "id", row, "location", Map.of(), "SHA-256 of the location", row), found(marks));
            client.ack(notification);
            accounts.awaitRows("message", device.account(), 0);
            assertEquals(Map.of(), foundAnywhere(marks));
        }
        assertEquals(0, oldestDelivered());
    }

    @Test
    void of_a_delivered_message_a_receipt_holds_the_id_and_the_location_and_when_it_goes_nothing_does() {
        var body = body();
        var headers = Map.of("TTL", "60", "Prefer", "respond-async", "Content-Encoding", "aes128gcm");
        try (var client = AutopushClient.connect(service, device)) {
            var accepted = sender.post(client.register(), body, headers);
            var notification = client.notification();
            var marks = marks(body, accepted, notification);
            var row = Map.of("message", 1L);
            var receipt = Map.of("receipt", 1L);
            assertEquals(
                    Map.of(
                            "body",
                            row,
                            "id",
                            Map.of("message", 1L, "receipt", 1L),
                            "location",
                            receipt,
                            "SHA-256 of the location",
                            row),
                    found(marks));
            client.ack(notification);
            accounts.awaitRows("message", device.account(), 0);
            assertEquals(Map.of("id", receipt, "location", receipt), foundAnywhere(marks));

            accounts.query(
                    "update receipt set expires = now() where account_id = $1",
                    device.account().value());
            accounts.awaitRows("receipt", device.account(), 0);
            assertEquals(Map.of(), foundAnywhere(marks));
        }
    }

    /** What would tell of the message: by its name, how it would be stored. */
    private Map<String, String> marks(byte[] body, HttpResponse<?> accepted, JsonObject notification) {
        var location = accepted.headers().firstValue("Location").orElseThrow();
        var secret = location.substring(location.lastIndexOf('/') + 1);
        return Map.of(
                "body", HexFormat.of().formatHex(body, 21, 60),
                "id", notification.getString("version"),
                "location", secret,
                "SHA-256 of the location",
                        HexFormat.of()
                                .formatHex(routing.parse(secret).orElseThrow().sha256()));
    }

    @Test
    void what_is_in_no_hurry_to_leave_shows_in_the_metric() {
        assertEquals(0, oldestDelivered());
        try (var client = AutopushClient.connect(service, device)) {
            sender.wake(client.register(), 60);
            var notification = client.notification();
            accounts.fence(device.account(), "FROZEN");
            client.ack(notification);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> oldestDelivered() > 0);
            accounts.fence(device.account(), "OWN");
            accounts.awaitRows("message", device.account(), 0);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> oldestDelivered() == 0);
        }
    }

    @Test
    void what_is_over_is_found_by_its_index_among_many() {
        var connection = pool.getConnectionAndAwait();
        var transaction = connection.beginAndAwait();
        try {
            CROWD.forEach(sql -> connection.query(sql).executeAndAwait());
            for (var search : ALL_OVER) {
                var rows = connection.query("explain " + search.sql()).executeAndAwait();
                var plan = StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .collect(Collectors.joining("\n"));
                search.indexes().forEach(index -> assertTrue(plan.contains(index), plan));
                search.reads().forEach(table -> assertFalse(plan.contains("Seq Scan on " + table), plan));
            }
        } finally {
            transaction.rollbackAndAwait();
            connection.closeAndAwait();
        }
    }

    @Test
    void what_is_over_in_accounts_that_have_left_keeps_nobody_else_waiting() {
        var away = accounts.open();
        accounts.fence(away.account(), "SHADOW");
        var more = 1_001;
        accounts.query(
                "insert into message (account_id, message_id, device_id, channel_id, location_sha256, body, expires,"
                        + " version) select $1, uuidv7(), $2, gen_random_uuid(), sha256(uuid_send(gen_random_uuid())), '',"
                        + " now() - interval '1 day', n from generate_series(1, $3::int) n",
                away.account().value(),
                away.id().value(),
                more);
        accounts.query(
                "insert into receipt (account_id, message_id, receipt_sha256, location, message_expires, expires,"
                        + " version) select account_id, message_id, location_sha256, '', expires, expires, version from"
                        + " message where account_id = $1",
                away.account().value());
        var headers = Map.of("TTL", "60", "Prefer", "respond-async");
        assertEquals(202, sender.post(endpoint(), new byte[0], headers).statusCode());

        accounts.query(
                "update message set expires = now() where account_id = $1",
                device.account().value());
        accounts.awaitRows("message", device.account(), 0);
        accounts.query(
                "update receipt set expires = now() where account_id = $1",
                device.account().value());
        accounts.awaitRows("receipt", device.account(), 0);

        assertEquals(more, accounts.rows("message", away.account()), "the region that it left deletes nothing");
        assertEquals(more, accounts.rows("receipt", away.account()));
    }

    @Test
    void what_was_taken_goes_and_shows_in_the_metric_even_if_its_connection_ends_first() {
        try (var client = AutopushClient.connect(service, device)) {
            sender.wake(client.register(), 60);
            var notification = client.notification();
            accounts.fence(device.account(), "FROZEN");
            client.ack(notification);
            client.expectNothing();
            client.abort();
        }
        accounts.awaitRows("presence", device.account(), 0);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> oldestDelivered() > 0);
        accounts.fence(device.account(), "OWN");
        accounts.awaitRows("message", device.account(), 0);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> oldestDelivered() == 0);
    }

    @Test
    void every_table_is_in_a_class_of_data_that_has_an_end() {
        assertEquals(Set.of(), RetentionChecks.undeclared(pool, retention.classes(), "instance"));
    }

    @Test
    void the_docs_have_the_same_table() throws IOException {
        assertEquals(RetentionChecks.rows(retention.classes()), RetentionChecks.documented("messaging-service"));
    }

    @Test
    void a_message_is_kept_as_long_as_the_law_allows_and_then_listed_and_gone() {
        var accepted = sender.wake(endpoint(), Integer.MAX_VALUE);
        var days = Duration.ofDays(30);
        assertEquals(
                days.toSeconds(),
                Long.parseLong(accepted.headers().firstValue("TTL").orElseThrow()));
        job.run(Instant.now()).await().indefinitely();
        assertEquals(days.toSeconds(), metric("limit_seconds", "messages"));
        assertEquals(0, metric("overdue_seconds", "messages"));
        assertFalse(going("messages", Instant.now()).contains(device.account().toString()));
        assertTrue(going("messages", Instant.now().plus(days))
                .contains(device.account().toString()));

        pool.preparedQuery("update message set expires = now() where account_id = $1")
                .executeAndAwait(Tuple.of(device.account().value()));
        accounts.awaitRows("message", device.account(), 0);
    }

    @Test
    void while_an_account_is_moved_a_message_waits_no_longer_than_the_law_of_both_ends_allows() {
        var days = Duration.ofDays(10);
        var endpoint = endpoint();
        assertEquals(days, granted(endpoint, days));

        pool.preparedQuery("insert into move_law (account_id, markets) values ($1, $2)")
                .executeAndAwait(Tuple.of(device.account().value(), new String[] {"SG", "ZZ"}));
        assertEquals(Duration.ofDays(3), granted(endpoint, days));
        assertEquals(Duration.ofHours(1), granted(endpoint, Duration.ofHours(1)));
        assertEquals(days, granted(endpointOf(accounts.open()), days), "another account is not moved");

        pool.preparedQuery("delete from move_law where account_id = $1")
                .executeAndAwait(Tuple.of(device.account().value()));
        assertEquals(days, granted(endpoint, days));
    }

    /** What the sender is told, which is what is stored. */
    private Duration granted(String endpoint, Duration wanted) {
        var accepted = sender.wake(endpoint, (int) wanted.toSeconds());
        var told = Duration.ofSeconds(
                Long.parseLong(accepted.headers().firstValue("TTL").orElseThrow()));
        var stored = pool.query("select extract(epoch from expires - uuid_extract_timestamp(message_id))::bigint as ttl"
                        + " from message where uuid_extract_version(message_id) = 7 order by message_id desc limit 1")
                .executeAndAwait()
                .iterator()
                .next()
                .getLong("ttl");
        assertTrue(Math.abs(stored - told.toSeconds()) <= 5, stored + " / " + told);
        return told;
    }

    private static List<String> going(String recordClass, Instant at) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/retention?at=" + at)
                .then()
                .statusCode(200)
                .extract()
                .path("classes.find { it.class == '" + recordClass + "' }.going.id");
    }

    private static double metric(String name, String recordClass) {
        return RetentionChecks.metric(get("/q/metrics").asString(), name, recordClass);
    }

    private String endpoint() {
        return endpointOf(device);
    }

    private String endpointOf(TestDevice whose) {
        try (var client = AutopushClient.connect(service, whose)) {
            return client.register();
        }
    }

    private static byte[] body() {
        var random = new byte[100];
        ThreadLocalRandom.current().nextBytes(random);
        return ByteBuffer.wrap(random).putInt(16, 4096).put(20, (byte) 0).array();
    }

    private static double oldestDelivered() {
        var metrics = get("/q/metrics").asString();
        var gauge = OLDEST.matcher(metrics.lines()
                .filter(line -> line.startsWith("domicile_messaging_delivered_oldest"))
                .findFirst()
                .orElseThrow());
        assertTrue(gauge.matches(), metrics);
        return Double.parseDouble(gauge.group(1));
    }

    /** By the name of the mark: table → rows. */
    private Map<String, Map<String, Long>> found(Map<String, String> marks) {
        var found = new TreeMap<String, Map<String, Long>>();
        marks.forEach((what, mark) -> found.put(what, found(mark)));
        return found;
    }

    /** The same, without marks that no table has. */
    private Map<String, Map<String, Long>> foundAnywhere(Map<String, String> marks) {
        var found = found(marks);
        found.values().removeIf(Map::isEmpty);
        return found;
    }

    /** Table → rows whose text, bytes in hexadecimal, contains the mark. */
    private Map<String, Long> found(String mark) {
        assertFalse(mark.isEmpty());
        var tables = pool.query("select table_name from information_schema.tables"
                        + " where table_schema = current_schema() and table_type = 'BASE TABLE'")
                .executeAndAwait();
        var found = new TreeMap<String, Long>();
        tables.forEach(row -> {
            var table = row.getString(0);
            var count = pool.preparedQuery("select count(*) from \"" + table + "\" t where position($1 in t::text) > 0"
                            + " or position($2 in t::text) > 0")
                    .executeAndAwait(Tuple.of(mark, hex(mark)))
                    .iterator()
                    .next()
                    .getLong(0);
            if (count > 0) {
                found.put(table, count);
            }
        });
        return found;
    }

    /** A capability is stored as bytes, if at all. */
    private static String hex(String mark) {
        return mark.length() == 55
                ? HexFormat.of().formatHex(Base64.getUrlDecoder().decode(mark))
                : mark;
    }
}
