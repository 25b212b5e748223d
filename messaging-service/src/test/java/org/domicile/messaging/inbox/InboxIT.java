package org.domicile.messaging.inbox;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.RegionKms;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(
        value = PlatformResource.class,
        initArgs = {
            @ResourceArg(name = "service", value = "messaging"),
            @ResourceArg(name = "peer:ap-southeast.messaging", value = SmallLimits.OTHER_HOME)
        })
class InboxIT {
    private static final String AUTH = "AAAAAAAAAAAAAAAAAAAAAA";

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    BlindIndex index;

    @Inject
    RegionKms kms;

    private TestDevice device;
    private String key;

    @AfterEach
    void back() {
        kms.back();
    }

    @BeforeEach
    void account() {
        device = accounts.open();
        key = new Sender(service).publicKey();
    }

    @Test
    void a_published_inbox_is_found_by_account_and_takes_messages() {
        var endpoint = endpoint();
        publish(inbox(endpoint)).statusCode(200).header("Domicile-Epoch", notNullValue());
        lookup(new JsonObject().put("accountId", device.account().toString()))
                .body("devices", hasSize(1))
                .body("devices[0].deviceId", equalTo(device.id().value()))
                .body("devices[0].endpoint", equalTo(endpoint))
                .body("devices[0].p256dh", equalTo(key))
                .body("devices[0].auth", equalTo(AUTH));
        assertEquals(201, new Sender(service).wake(endpoint, 60).statusCode());
    }

    @Test
    void a_number_is_found_only_with_discoverability() {
        publish(inbox(endpoint())).statusCode(200);
        var phone = "+65" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 100_000_000L + 100_000_000L);
        var query = new JsonObject().put("phone", phone);
        lookup(query).body("devices", hasSize(0));
        var hashes = hashes(phone);
        accounts.consent(device.account(), Instant.now(), hashes, Feature.MESSAGING);
        lookup(query).body("devices", hasSize(0));
        accounts.consent(device.account(), Instant.now(), hashes, Feature.MESSAGING, Feature.DISCOVERABILITY);
        lookup(query).body("devices", hasSize(1));
        accounts.consent(device.account(), Instant.now(), hashes, Feature.DISCOVERABILITY);
        lookup(query).body("devices", hasSize(0));
    }

    @Test
    void a_number_is_found_under_either_key_while_the_index_key_changes() {
        publish(inbox(endpoint())).statusCode(200);
        var phone = "+65" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 100_000_000L + 100_000_000L);
        var hashes = hashes(phone);
        assertEquals(2, Set.copyOf(hashes).size());
        for (var hash : hashes) {
            accounts.consent(
                    device.account(), Instant.now(), List.of(hash), Feature.MESSAGING, Feature.DISCOVERABILITY);
            lookup(new JsonObject().put("phone", phone)).body("devices", hasSize(1));
        }
    }

    @Test
    void a_number_that_became_another_is_found_no_more() {
        publish(inbox(endpoint())).statusCode(200);
        var before = "+6590" + (100_000 + Math.floorMod(UUID.randomUUID().getMostSignificantBits(), 900_000L));
        var after = "+6591" + before.substring(5);
        consented(before);
        lookup(new JsonObject().put("phone", before)).body("devices", hasSize(1));
        lookup(new JsonObject().put("phone", after)).body("devices", hasSize(0));

        consented(after);

        lookup(new JsonObject().put("phone", before)).body("devices", hasSize(0));
        lookup(new JsonObject().put("phone", after)).body("devices", hasSize(1));
    }

    @Test
    void an_inbox_is_found_by_no_number_that_account_service_did_not_publish() {
        publish(inbox(endpoint())).statusCode(200);
        accounts.consent(device.account(), Instant.now(), List.of(), Feature.MESSAGING, Feature.DISCOVERABILITY);
        lookup(new JsonObject().put("phone", "+6590123456")).body("devices", hasSize(0));
        publish(inbox(endpoint()).put("phone", "+6590123456")).statusCode(400).body("type", endsWith("unknown-field"));
    }

    /** Publishes what account-service does once a number is verified, and its owner wants to be found. */
    private void consented(String phone) {
        var hashes = hashes(phone);
        accounts.consent(device.account(), Instant.now(), hashes, Feature.MESSAGING, Feature.DISCOVERABILITY);
    }

    @Test
    void unknown_and_unwilling_answer_the_same() {
        publish(inbox(endpoint())).statusCode(200);
        var phone = "+6593" + (100_000 + Math.floorMod(UUID.randomUUID().getMostSignificantBits(), 900_000L));
        accounts.consent(device.account(), Instant.now(), hashes(phone), Feature.MESSAGING);
        assertSame(new JsonObject().put("phone", "+6594000000"), new JsonObject().put("phone", phone));

        accounts.consent(device.account());
        assertSame(
                new JsonObject().put("accountId", AccountId.create().toString()),
                new JsonObject().put("accountId", device.account().toString()));
    }

    /** Status, body and every header but the time. */
    private void assertSame(JsonObject unknown, JsonObject unwilling) {
        var one = lookup(unknown).body("devices", hasSize(0)).extract();
        var other = lookup(unwilling).extract();
        assertEquals(one.asString(), other.asString());
        assertEquals(headers(one), headers(other));
    }

    private static List<String> headers(ExtractableResponse<Response> answer) {
        return answer.headers().asList().stream()
                .filter(header -> !header.getName().equalsIgnoreCase("Date"))
                .map(Object::toString)
                .sorted()
                .toList();
    }

    @Test
    void while_the_key_store_is_away_nobody_is_found_by_a_number_and_the_rest_goes_on() {
        var endpoint = endpoint();
        publish(inbox(endpoint)).statusCode(200);
        var phone = "+6592" + (100_000 + Math.floorMod(UUID.randomUUID().getMostSignificantBits(), 900_000L));
        consented(phone);

        kms.away();

        lookupAnswer(new JsonObject().put("phone", phone))
                .statusCode(503)
                .header("Retry-After", "30")
                .body("type", endsWith("unavailable"));
        lookup(new JsonObject().put("accountId", device.account().toString())).body("devices", hasSize(1));
        publish(inbox(endpoint)).statusCode(200);
        assertEquals(201, new Sender(service).wake(endpoint, 60).statusCode());

        kms.back();

        lookup(new JsonObject().put("phone", phone)).body("devices", hasSize(1));
    }

    @Test
    void a_day_has_so_many_lookups_of_people_found_or_not() {
        for (int i = 0; i < SmallLimits.DISCOVERIES; i += 2) {
            lookup(new JsonObject().put("phone", "+6580000000" + i)).body("devices", hasSize(0));
            lookup(new JsonObject().put("accountId", AccountId.create().toString()))
                    .body("devices", hasSize(0));
        }
        for (var query : List.of(
                new JsonObject().put("phone", "+65800000099"),
                new JsonObject().put("accountId", device.account().toString()))) {
            lookupAnswer(query)
                    .statusCode(429)
                    .header("Retry-After", notNullValue())
                    .body("type", endsWith("too-many-requests"));
        }
        device = accounts.open();
        lookup(new JsonObject().put("phone", "+65800000099")).body("devices", hasSize(0));
    }

    @Test
    void a_sender_with_an_old_list_of_devices_gets_the_current_one_and_nothing_is_accepted() {
        var endpoint = endpoint();
        publish(inbox(endpoint)).statusCode(200);
        var sender = new Sender(service);
        var current = digest(device.id() + " " + key + "\n");
        assertEquals(201, sendTo(sender, endpoint, current).statusCode());
        var stale = sendTo(sender, endpoint, digest(""));
        assertEquals(409, stale.statusCode());
        var problem = new JsonObject(stale.body());
        assertEquals("https://domicile.dev/errors/stale-devices", problem.getString("type"));
        var listed = problem.getJsonArray("devices").getJsonObject(0);
        assertEquals(device.id().value(), listed.getString("deviceId"));
        assertEquals(endpoint, listed.getString("endpoint"));
        assertEquals(key, listed.getString("p256dh"));
        assertEquals(1, accounts.rows("message", device.account()));
    }

    @Test
    void a_revoked_device_is_found_no_more() {
        publish(inbox(endpoint())).statusCode(200);
        accounts.devices(device.account());
        lookup(new JsonObject().put("accountId", device.account().toString())).body("devices", hasSize(0));
    }

    @Test
    void an_inbox_that_is_not_the_owners_is_refused() {
        var endpoint = endpoint();
        refused(inbox(endpoint).put("p256dh", "AAAA"));
        refused(inbox(endpoint).put("auth", "AAAA"));
        refused(inbox("https://evil.test/push/x"));
        refused(inbox(endpoint.replaceFirst("[^/]{8}$", "AAAAAAAA")));
        refused(inbox(endpoint)
                .put("deviceId", accounts.device(device.account()).id().value()));
        var other = accounts.open();
        device = other;
        refused(inbox(endpoint));
        publish(inbox(endpoint()).put("surprise", 1)).statusCode(400).body("type", endsWith("unknown-field"));
        assertEquals(0, accounts.rows("inbox", other.account()));
    }

    @Test
    void without_consent_or_token_nothing_is_published() {
        var endpoint = endpoint();
        accounts.refuse(device.account());
        publish(inbox(endpoint)).statusCode(403).body("type", endsWith("consent-required"));
        given().contentType("application/json")
                .body(inbox(endpoint).encode())
                .put("/v1/me/inbox")
                .then()
                .statusCode(401);
        given().contentType("application/json")
                .body("{}")
                .post("/v1/directory/lookup")
                .then()
                .statusCode(401);
    }

    @Test
    void a_lookup_names_exactly_one_person() {
        for (var query : new String[] {
            "{}",
            "{\"phone\":\"12\"}",
            "{\"email\":\"x\"}",
            "{\"accountId\":\"x\"}",
            "{\"phone\":\"+6581234567\",\"email\":\"a@b.cd\"}",
            "[]",
            "{"
        }) {
            given().auth()
                    .oauth2(TestTokens.owner(device.account()))
                    .contentType("application/json")
                    .body(query)
                    .post("/v1/directory/lookup")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
    }

    @Test
    void away_from_home_the_sdk_is_told_where_to_go() {
        var inbox = inbox(endpoint());
        accounts.fence(device.account(), "SHADOW");
        accounts.residency(device.account(), TestRegions.SG);
        publish(inbox).statusCode(421).body("homeRegion", equalTo(TestRegions.SG));
    }

    @Test
    void after_a_withdrawal_nothing_is_left() {
        var endpoint = endpoint();
        publish(inbox(endpoint)).statusCode(200);
        var woken = new Sender(service).wake(endpoint, 60);
        assertEquals(201, woken.statusCode(), woken.body());
        assertEquals(1, accounts.rows("message", device.account()));
        accounts.consent(device.account());
        for (var table : new String[] {"message", "inbox", "subscription", "user_agent"}) {
            accounts.awaitRows(table, device.account(), 0);
        }
    }

    private static HttpResponse<String> sendTo(Sender sender, String endpoint, String devices) {
        return sender.post(endpoint, new byte[0], Map.of("TTL", "60", "Domicile-Devices", devices));
    }

    private static String digest(String lines) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String endpoint() {
        try (var client = AutopushClient.connect(service, device)) {
            return client.register();
        }
    }

    private JsonObject inbox(String endpoint) {
        return new JsonObject()
                .put("deviceId", device.id().value())
                .put("endpoint", endpoint)
                .put("p256dh", key)
                .put("auth", AUTH);
    }

    private void refused(JsonObject inbox) {
        publish(inbox).statusCode(400).contentType("application/problem+json");
    }

    private ValidatableResponse publish(JsonObject inbox) {
        return given().auth()
                .oauth2(TestTokens.owner(device.account()))
                .contentType("application/json")
                .body(inbox.encode())
                .put("/v1/me/inbox")
                .then();
    }

    private ValidatableResponse lookup(JsonObject query) {
        return lookupAnswer(query).statusCode(200);
    }

    private ValidatableResponse lookupAnswer(JsonObject query) {
        return given().auth()
                .oauth2(TestTokens.owner(device.account()))
                .contentType("application/json")
                .body(query.encode())
                .post("/v1/directory/lookup")
                .then();
    }

    private List<String> hashes(String phone) {
        return index.of("discover:phone:" + phone).await().indefinitely();
    }
}
