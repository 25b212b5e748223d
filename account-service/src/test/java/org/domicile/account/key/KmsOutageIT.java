package org.domicile.account.key;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Browser;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.RegionKms;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.testing.MigrationStandIn;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The region's key store is away for a while: what needs no key goes on, and what needs one stores nothing. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class KmsOutageIT {
    /** Where a write that needs a key would leave something. */
    private static final List<String> WRITTEN =
            List.of("account", "registration", "device", "identifier", "confirmation", "code_budget");

    @Inject
    RegionKms kms;

    @Inject
    Pool pool;

    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

    @AfterEach
    void back() {
        kms.back();
    }

    @Test
    void what_needs_no_key_goes_on_and_what_needs_one_is_refused_and_leaves_no_row() {
        var person = Person.signedUp();
        var token = person.token();
        var before = rows();

        kms.away();

        for (var path : List.of("residency", "consents", "sessions", "security-events")) {
            Person.with(token).get("/v1/me/" + path).then().statusCode(200);
        }
        decide(token).then().statusCode(200);
        refused(Person.with(token).get("/v1/me"));
        refused(signUp());
        refused(addDevice(token));
        refused(rename(token));
        refused(Person.with(token).body(Map.of("phone", Person.newPhone())).patch("/v1/me"));
        assertEquals(before, rows());
        for (var email : List.of(person.email(), Person.newEmail())) {
            Person.trySignIn(email, person.password())
                    .then()
                    .statusCode(503)
                    .body("error", equalTo("temporarily_unavailable"));
            var browser = new Browser();
            assertEquals(Optional.empty(), browser.signIn(email, person.password()));
            assertEquals(503, browser.status());
        }

        kms.back();

        Person.with(token).get("/v1/me").then().statusCode(200).body("email", equalTo(person.email()));
        signUp().then().statusCode(202);
        addDevice(token).then().statusCode(201);
        rename(token).then().statusCode(200).body("displayName", equalTo("Countess"));
        Person.trySignIn(person.email(), person.password()).then().statusCode(200);
    }

    @Test
    void an_erasure_completes_meanwhile() {
        var person = Person.signedUp();
        var token = person.token();

        kms.away();

        var erasure = UUID.fromString(Person.with(token)
                .delete("/v1/me")
                .then()
                .statusCode(202)
                .extract()
                .path("erasureId"));
        MigrationStandIn.lists(person.account(), erasure, State.ORDERED, 2);
        var left = TopicReader.until(
                        "residency.acks", person.account(), ack -> ack.getLong("epoch") == 2 && ack.getBoolean("done"))
                .getLast()
                .getJsonObject("left");
        assertEquals(0, left.getLong("rows") + left.getLong("objects"), left.encode());
        MigrationStandIn.lists(person.account(), erasure, State.ERASED, 2);
        Wait.until("erased", () -> "ERASED"
                .equals(given().get("/v1/erasures/" + erasure).path("state")));
    }

    private static void refused(Response answer) {
        answer.then()
                .statusCode(503)
                .header("Retry-After", "30")
                .body("type", equalTo("https://domicile.dev/errors/unavailable"));
    }

    private static Response signUp() {
        return given().contentType(ContentType.JSON)
                .body(Map.of("market", "SG", "email", Person.newEmail(), "password", Person.PASSWORD))
                .post("/v1/accounts");
    }

    private static Response addDevice(String token) {
        return Person.with(token).body(Map.of("name", "phone", "model", "M1")).post("/v1/me/devices");
    }

    private static Response rename(String token) {
        return Person.with(token).body(Map.of("displayName", "Countess")).patch("/v1/me");
    }

    private static Response decide(String token) {
        return Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup");
    }

    private Map<String, Long> rows() {
        var counts = new TreeMap<String, Long>();
        WRITTEN.forEach(table -> counts.put(table, count(pool, table)));
        counts.put("wrapped_key", count(keys, "wrapped_key"));
        return counts;
    }

    private static long count(Pool in, String table) {
        return in.query("select count(*) from " + table)
                .executeAndAwait()
                .iterator()
                .next()
                .getLong(0);
    }
}
