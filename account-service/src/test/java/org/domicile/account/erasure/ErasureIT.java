package org.domicile.account.erasure;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Everything;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.testing.MigrationStandIn;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class ErasureIT {
    @Inject
    Pool pool;

    @Inject
    AccountKeys keys;

    @Test
    void an_account_is_erased_and_nothing_of_it_can_be_found_or_read() {
        var name = "Planted Person " + UUID.randomUUID();
        var person = Person.signedUp("SG", name);
        var account = person.account();
        var token = person.token();
        Person.with(token).body(Map.of("name", name, "model", "M1")).post("/v1/me/devices");
        Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/discoverability");
        assertEquals(List.of(), Everything.holding(pool, name, person.email()), "in clear, while the account lives");

        var answer = erase(token);
        answer.then()
                .body("state", equalTo("ORDERED"))
                .body("cancelUntil", nullValue())
                .body("retained.class", equalTo(List.of("erasure-list", "key-backups")))
                .body("retained[1].days", equalTo(7));
        var erasure = UUID.fromString(answer.path("erasureId"));
        var ordered = TopicReader.until("account.events", account, e -> e.containsKey("erasureId"))
                .getLast();
        assertEquals(erasure.toString(), ordered.getString("erasureId"));
        status(erasure).body("state", equalTo("ORDERED")).body("erasedAt", nullValue());

        MigrationStandIn.lists(account, erasure, State.ORDERED, 2);
        var ack = TopicReader.until("residency.acks", account, e -> e.getLong("epoch") == 2)
                .getLast();
        var left = ack.getJsonObject("left");
        assertEquals(0, left.getLong("rows"));
        assertEquals(0, left.getLong("objects"));
        var evidence = left.getJsonObject("evidence");
        assertTrue(evidence.getJsonArray("places").contains("key-store"), left::encode);
        assertEquals(new JsonObject(), evidence.getJsonObject("found"), "looked at and empty");
        assertTrue(evidence.getInstant("keysUntil").isAfter(Instant.now().plus(Duration.ofDays(6))), left::encode);
        assertTrue(ack.getBoolean("done"));
        status(erasure).body("state", equalTo("ORDERED"));
        Person.trySignIn(person.email(), person.password()).then().statusCode(400);
        Person.with(token).get("/v1/me").then().statusCode(404);

        MigrationStandIn.lists(account, erasure, State.ERASED, 2);
        Wait.until("erased", () -> "ERASED".equals(statusOf(erasure)));
        status(erasure).body("erasedAt", notNullValue());
        Wait.until("the id is gone too", () -> Everything.holding(pool, account.toString()).stream()
                .noneMatch(place -> place.startsWith("public.") && !place.contains("outbox")));
        assertEquals(List.of(), Everything.holding(pool, name, person.email()));
        assertEquals(0, keys.count(account).await().indefinitely());
        Person.with(token).get("/v1/me").then().statusCode(404);

        var again = Person.confirm(
                Person.register(Map.of("market", "SG", "email", person.email(), "password", Person.PASSWORD)),
                Person.code(person.email()));
        assertNotEquals(account.toString(), again, "the identifier is free again");
    }

    @Test
    void an_erasure_with_grace_can_be_taken_back_and_asked_for_again() {
        var person = Person.signedUp("IN", "Ada");
        var token = person.token();

        var first = erase(token);
        first.then()
                .body("state", equalTo("SCHEDULED"))
                .body("cancelUntil", notNullValue())
                .body("retained.class", equalTo(List.of("erasure-list", "key-backups", "legal-logs")))
                .body("retained[2].days", equalTo(365));
        assertEquals(first.<String>path("erasureId"), erase(token).path("erasureId"), "repeatable");
        Person.with(token).get("/v1/me").then().statusCode(200);

        Person.with(token).delete("/v1/me/erasure").then().statusCode(204);
        Person.with(token).get("/v1/me/erasure").then().statusCode(200).body("state", equalTo("CANCELLED"));
        Person.with(token).delete("/v1/me/erasure").then().statusCode(409);
        var second = erase(token);
        assertNotEquals(first.<String>path("erasureId"), second.path("erasureId"));

        pool.query("update erasure set effective_at = now() where account_id = '" + person.account() + "'")
                .executeAndAwait();
        TopicReader.until("account.events", person.account(), e -> second.<String>path("erasureId")
                .equals(e.getString("erasureId")));
        Person.with(token).delete("/v1/me/erasure").then().statusCode(409);
        assertEquals(4, count("select count(*) from legal_log where account_id = $1", person.account()));
    }

    @Test
    void an_owner_is_told_once_that_an_erasure_is_held_and_not_why() {
        var person = Person.signedUp();
        var token = person.token();
        var erasure = UUID.fromString(erase(token).path("erasureId"));
        status(erasure).body("heldSince", nullValue());
        var since = Instant.parse("2026-11-22T12:00:00Z");

        MigrationStandIn.delays(person.account(), UUID.randomUUID(), since);
        MigrationStandIn.delays(person.account(), erasure, since);
        MigrationStandIn.delays(person.account(), erasure, since.plusSeconds(30));

        Wait.until("told", () -> since.toString()
                .equals(given().get("/v1/erasures/" + erasure).path("heldSince")));
        Person.with(token)
                .get("/v1/me/notices")
                .then()
                .statusCode(200)
                .body("notices.size()", equalTo(1))
                .body("notices[0].kind", equalTo("ERASURE_DELAYED"))
                .body("notices[0].at", equalTo(since.toString()));
        status(erasure).body("state", equalTo("ORDERED")).body("heldSince", equalTo(since.toString()));
    }

    @Test
    void an_order_is_said_again_until_it_is_carried_out() {
        var person = Person.signedUp();
        var erasure = erase(person.token()).<String>path("erasureId");
        // as it is half a minute after a crash of whoever should have taken it
        pool.query("update erasure set said_at = now() - interval '31 seconds' where account_id = '" + person.account()
                        + "'")
                .executeAndAwait();

        var seen = new java.util.concurrent.atomic.AtomicInteger();
        TopicReader.until(
                "account.events",
                person.account(),
                e -> erasure.equals(e.getString("erasureId")) && seen.incrementAndGet() == 2);
    }

    @Test
    void an_erasure_in_the_middle_of_a_move_waits_for_the_new_home() {
        var person = Person.signedUp();
        var token = person.token();
        pool.query("update fence set mode = 'FROZEN', epoch = 2 where account_id = '" + person.account() + "'")
                .executeAndAwait();

        Person.with(token)
                .delete("/v1/me")
                .then()
                .statusCode(503)
                .body("type", equalTo("https://domicile.dev/errors/account-frozen"));
        assertEquals(0, count("select count(*) from erasure where account_id = $1", person.account()));
    }

    @Test
    void the_nearest_deadline_is_a_metric() {
        var person = Person.signedUp("IN", "Ada");
        erase(person.token());

        Wait.until("measured", () -> {
            var text = given().get("/q/metrics").asString();
            var deadline = value(text, "domicile_erasure_deadline_seconds");
            return value(text, "domicile_erasures_open") >= 1 && deadline > 0 && deadline <= 30 * 86_400;
        });
    }

    @Test
    void a_refreshed_token_keeps_the_time_of_the_sign_in() {
        var person = Person.signedUp();
        var signedIn = Person.trySignIn(person.email(), person.password());
        var refreshed = given().relaxedHTTPSValidation()
                .formParam("grant_type", "refresh_token")
                .formParam("client_id", "domicile-device")
                .formParam("refresh_token", signedIn.<String>path("refresh_token"))
                .post(AccountParts.keycloakUrl() + "/realms/domicile/protocol/openid-connect/token");

        assertTrue(authTime(signedIn) > 0);
        assertEquals(authTime(signedIn), authTime(refreshed));
    }

    private static long authTime(Response tokens) {
        var payload = tokens.<String>path("access_token").split("\\.")[1];
        return new JsonObject(new String(
                        java.util.Base64.getUrlDecoder().decode(payload), java.nio.charset.StandardCharsets.UTF_8))
                .getLong("auth_time");
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static Response erase(String token) {
        return Person.with(token)
                .delete("/v1/me")
                .then()
                .statusCode(202)
                .extract()
                .response();
    }

    private static io.restassured.response.ValidatableResponse status(UUID erasure) {
        return given().get("/v1/erasures/" + erasure).then().statusCode(200);
    }

    private static String statusOf(UUID erasure) {
        return given().get("/v1/erasures/" + erasure).path("state");
    }

    private long count(String sql, AccountId account) {
        return pool.preparedQuery(sql)
                .execute(io.vertx.mutiny.sqlclient.Tuple.of(account.value()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
