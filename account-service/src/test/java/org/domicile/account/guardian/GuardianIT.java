package org.domicile.account.guardian;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Everything;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** Accounts of minors: nothing is opened or switched on without the guardian, and the guardian's own code. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class GuardianIT {
    private static final Map<String, Object> WISH = Map.of("granted", true, "policyVersion", "2026-01");

    @Inject
    Pool pool;

    @Test
    void an_account_opens_when_both_have_confirmed_in_any_order() {
        for (var guardianFirst : new boolean[] {true, false}) {
            var guardian = Person.newEmail();
            var email = Person.newEmail();
            var registration = register(email, guardian);
            var first = guardianFirst ? guardian : email;
            Person.tryConfirm(registration, Person.code(first))
                    .then()
                    .statusCode(202)
                    .body("waitsFor", equalTo("confirmation"))
                    .body("accountId", nullValue());
            Person.trySignIn(email, Person.PASSWORD).then().statusCode(400);

            var account = Person.confirm(registration, Person.code(guardianFirst ? email : guardian));

            assertEquals(account, Person.confirm(registration, Person.code(email)), "repeatable");
            var token =
                    Person.trySignIn(email, Person.PASSWORD).then().extract().<String>path("access_token");
            Person.with(token).get("/v1/me/guardian").then().statusCode(200).body("guardian", equalTo(guardian));
            assertEquals(List.of(), Everything.holding(pool, guardian), "stored encrypted");
        }
    }

    @Test
    void one_code_twice_is_not_two_people() {
        var guardian = Person.newEmail();
        var email = Person.newEmail();
        var registration = register(email, guardian);

        Person.tryConfirm(registration, Person.code(email)).then().statusCode(202);
        Person.tryConfirm(registration, Person.code(email)).then().statusCode(202);
        Person.tryConfirm(registration, wrong(Person.code(guardian), Person.code(email)))
                .then()
                .statusCode(400);
        Person.trySignIn(email, Person.PASSWORD).then().statusCode(400);
    }

    @Test
    void a_guardian_does_not_learn_that_an_identifier_is_taken() {
        var known = Person.signedUp();
        var guardian = Person.newEmail();
        var registration = register(known.email(), guardian);

        Person.tryConfirm(registration, Person.code(guardian)).then().statusCode(202);
        Person.tryConfirm(registration, Person.code(known.email())).then().statusCode(409);
        Person.tryConfirm(registration, Person.code(guardian)).then().statusCode(202);
    }

    @Test
    void a_minors_consent_is_nothing_until_the_guardian_agrees_and_the_ledger_says_that_they_did() {
        var guardian = Person.newPhone();
        var person = Person.minor("SG", guardian);
        var token = person.token();

        var waiting = Person.with(token).body(WISH).put("/v1/me/consents/backup");
        waiting.then().statusCode(202).body("waitsFor", equalTo("guardian")).body("feature", equalTo("backup"));
        Person.with(token)
                .get("/v1/me/consents")
                .then()
                .body("ledger.size()", equalTo(0))
                .body("features.backup", nullValue());
        confirm(person.account(), waiting, wrong(Person.code(guardian))).then().statusCode(400);

        confirm(person.account(), waiting, Person.code(guardian))
                .then()
                .statusCode(200)
                .body("kind", equalTo("CONSENT"));
        confirm(person.account(), waiting, Person.code(guardian)).then().statusCode(200);

        var ledger = Person.with(token).get("/v1/me/consents").then().extract().jsonPath();
        assertEquals(1, ledger.getList("ledger").size(), "repeated, not recorded twice");
        assertTrue(ledger.getBoolean("ledger[0].guardian"));
        assertTrue(ledger.getBoolean("features.backup.granted"));
        assertTrue(TopicReader.until("consent.state", person.account(), e -> e.getJsonObject("features")
                        .containsKey("backup"))
                .getLast()
                .getJsonObject("features")
                .getJsonObject("backup")
                .getBoolean("granted"));
        Person.with(token).body(WISH).put("/v1/me/consents/backup").then().statusCode(200);
    }

    @Test
    void an_adults_entry_says_nothing_of_a_guardian() {
        Person.signedUp()
                .asked()
                .body(WISH)
                .put("/v1/me/consents/backup")
                .then()
                .statusCode(200)
                .body("guardian", nullValue());
    }

    @Test
    void a_minor_switches_off_alone_and_a_guardian_without_the_minor() {
        var guardian = Person.newEmail();
        var person = Person.minor("SG", guardian);
        var token = person.token();
        for (var feature : List.of("backup", "messaging")) {
            var waiting = Person.with(token).body(WISH).put("/v1/me/consents/" + feature);
            confirm(person.account(), waiting, Person.code(guardian)).then().statusCode(200);
        }

        Person.with(token)
                .body(Map.of("granted", false, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup")
                .then()
                .statusCode(200)
                .body("granted", equalTo(false));
        var withdrawal = given().contentType(ContentType.JSON)
                .body(Map.of("feature", "messaging"))
                .post("/v1/guardians/" + person.account() + "/withdrawals");
        withdrawal.then().statusCode(202);
        confirm(person.account(), withdrawal, Person.code(guardian)).then().statusCode(200);

        Person.with(token)
                .get("/v1/me/consents")
                .then()
                .body("features.backup.granted", equalTo(false))
                .body("features.messaging.granted", equalTo(false))
                .body("ledger[3].guardian", equalTo(true))
                .body("ledger[2].guardian", nullValue());
        Person.with(token)
                .get("/v1/me/security-events")
                .then()
                .body("events.findAll { it.kind == 'GUARDIAN_WITHDREW' }.size()", equalTo(1));
    }

    @Test
    void coming_of_age_is_the_guardians_last_confirmation() {
        var guardian = Person.newEmail();
        var person = Person.minor("SG", guardian);
        var token = person.token();

        var asked = Person.with(token).body(Map.of("ageBand", "adult")).patch("/v1/me");
        asked.then().statusCode(202).body("waiting[0].kind", equalTo("OF_AGE"));
        Person.with(token).body(WISH).put("/v1/me/consents/diagnostics").then().statusCode(202);
        Person.with(token)
                .body(Map.of("ageBand", "adult"))
                .patch("/v1/me")
                .then()
                .statusCode(202);
        var again = Person.with(token).body(Map.of("ageBand", "adult")).patch("/v1/me");
        Person.guardianConfirms(person.account(), again.path("waiting[0].confirmationId"), guardian)
                .then()
                .statusCode(200);

        Person.with(token).get("/v1/me/guardian").then().statusCode(404);
        Person.with(token)
                .body(WISH)
                .put("/v1/me/consents/backup")
                .then()
                .statusCode(200)
                .body("guardian", nullValue());
        assertEquals(0, count("select count(*) from guardian where account_id = $1", person.account()));
    }

    @Test
    void a_guardian_whose_time_is_over_is_none_and_is_deleted() {
        var person = Person.minor("SG", Person.newEmail());
        var token = person.token();
        assertEquals(
                1,
                count(
                        "select count(*) from guardian where account_id = $1 and ends_at = since + interval '13 years'",
                        person.account()));

        pool.preparedQuery("update guardian set ends_at = now() where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()));

        Person.with(token).body(WISH).put("/v1/me/consents/backup").then().statusCode(200);
        Wait.until(
                "deleted", () -> count("select count(*) from guardian where account_id = $1", person.account()) == 0);
    }

    @Test
    void a_guardians_code_has_the_limits_of_any_code() {
        var guardian = Person.newEmail();
        var person = Person.minor("SG", guardian);
        var token = person.token();
        var waiting = Person.with(token).body(WISH).put("/v1/me/consents/backup");
        var right = Person.code(guardian);
        for (int i = 0; i < 5; i++) {
            confirm(person.account(), waiting, wrong(right)).then().statusCode(400);
        }
        confirm(person.account(), waiting, right).then().statusCode(429);

        var late = Person.with(token).body(WISH).put("/v1/me/consents/messaging");
        pool.preparedQuery("update confirmation set expires_at = now() where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()));
        confirm(person.account(), late, Person.code(guardian)).then().statusCode(410);

        // with the sign-up's three codes were sent
        for (int i = 0; i < 2; i++) {
            Person.with(token)
                    .body(WISH)
                    .put("/v1/me/consents/messaging")
                    .then()
                    .statusCode(202);
        }
        Person.with(token)
                .body(WISH)
                .put("/v1/me/consents/messaging")
                .then()
                .statusCode(429)
                .body("type", equalTo("https://domicile.dev/errors/too-many-requests"));
        assertFalse(Person.with(token)
                .get("/v1/me/consents")
                .then()
                .extract()
                .jsonPath()
                .getMap("features")
                .containsKey("messaging"));
    }

    private static String register(String email, String guardian) {
        var signUp = new HashMap<String, Object>(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        signUp.put("ageBand", "minor");
        signUp.put("guardian", guardian);
        return Person.register(signUp);
    }

    private static Response confirm(AccountId account, Response waiting, String code) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("code", code))
                .post("/v1/guardians/" + account + "/confirmations/" + waiting.<String>path("confirmationId"));
    }

    /** A code that is none of these. */
    private static String wrong(String... codes) {
        for (int i = 0; ; i++) {
            var code = String.format("%06d", i);
            if (!List.of(codes).contains(code)) {
                return code;
            }
        }
    }

    private long count(String sql, AccountId account) {
        return pool.preparedQuery(sql)
                .executeAndAwait(Tuple.of(account.value()))
                .iterator()
                .next()
                .getLong(0);
    }
}
