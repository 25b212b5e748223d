package org.domicile.account.registration;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class SignUpIT {
    @Inject
    Pool pool;

    @Test
    void an_account_opens_when_the_code_comes_back_and_signs_in_by_email() {
        var person = Person.signedUp();

        person.asked()
                .get("/v1/me")
                .then()
                .statusCode(200)
                .header("Domicile-Epoch", "1")
                .body("accountId", equalTo(person.account().toString()))
                .body("email", equalTo(person.email()))
                .body("displayName", equalTo("Ada 爱达"))
                .body("locale", equalTo("zh-CN"))
                .body("homeRegion", equalTo("cn-north"))
                .body("openedAt", notNullValue());
        Person.trySignIn(person.email().toUpperCase(java.util.Locale.ROOT), person.password())
                .then()
                .statusCode(200);
    }

    @Test
    void opening_publishes_the_account_and_that_nothing_is_switched_on() {
        var account = Person.signedUp().account();

        var opened = TopicReader.until("account.events", account, e -> true).getFirst();
        assertEquals("cn-north", opened.getString("home"));
        assertEquals("SG", opened.getString("market"));
        assertEquals(1, opened.getLong("epoch"));
        var consents = TopicReader.until("consent.state", account, e -> true).getFirst();
        assertEquals(0, consents.getJsonObject("features").size());
        var devices = TopicReader.until("device.state", account, e -> true).getFirst();
        assertEquals(0, devices.getJsonArray("devices").size());
    }

    @Test
    void an_account_by_phone_signs_in_by_phone() {
        var phone = "+6591" + Long.toString(100_000 + System.nanoTime() % 900_000);
        var registration =
                Person.register(Map.of("market", "SG", "phone", phone.substring(3), "password", Person.PASSWORD));
        Person.confirm(registration, Person.code(phone));

        Person.trySignIn(phone, Person.PASSWORD).then().statusCode(200);
    }

    @Test
    void a_known_identifier_gets_the_same_answer_and_is_told_only_to_its_holder() {
        var person = Person.signedUp();

        var registration =
                Person.register(Map.of("market", "SG", "email", person.email(), "password", "another good password"));

        Person.tryConfirm(registration, Person.code(person.email()))
                .then()
                .statusCode(409)
                .contentType("application/problem+json");
        Person.trySignIn(person.email(), person.password()).then().statusCode(200);
        Person.trySignIn(person.email(), "another good password").then().statusCode(400);
    }

    @Test
    void a_confirmation_can_be_repeated() {
        var email = Person.newEmail();
        var registration = Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        var code = Person.code(email);

        assertEquals(Person.confirm(registration, code), Person.confirm(registration, code));
    }

    @Test
    void a_wrong_code_opens_nothing_and_the_sixth_attempt_is_refused() {
        var email = Person.newEmail();
        var registration = Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        var right = Person.code(email);
        var wrong = right.equals("000000") ? "000001" : "000000";

        for (int i = 0; i < 5; i++) {
            Person.tryConfirm(registration, wrong)
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("https://domicile.dev/errors/wrong-code"));
        }
        Person.tryConfirm(registration, right).then().statusCode(429);
        Person.trySignIn(email, Person.PASSWORD).then().statusCode(400);
    }

    @Test
    void a_code_that_is_sent_again_takes_the_place_of_the_first_and_gives_no_more_attempts() {
        var email = Person.newEmail();
        var registration = Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        var first = Person.code(email);
        for (int i = 0; i < 3; i++) {
            Person.tryConfirm(registration, first.equals("000000") ? "000001" : "000000")
                    .then()
                    .statusCode(400);
        }

        sendAgain(registration).then().statusCode(202).body("registrationId", equalTo(registration));

        var second = Person.code(email);
        if (!second.equals(first)) {
            Person.tryConfirm(registration, first).then().statusCode(400);
        }
        Person.confirm(registration, second);
        sendAgain(registration).then().statusCode(409);
        Person.trySignIn(email, Person.PASSWORD).then().statusCode(200);
    }

    @Test
    void an_identifier_is_sent_five_codes_an_hour_known_or_not() {
        var known = Person.signedUp().email();
        for (int i = 0; i < 4; i++) {
            Person.register(Map.of("market", "SG", "email", known, "password", Person.PASSWORD));
        }
        var unknown = Person.newEmail();
        var registration = Person.register(Map.of("market", "SG", "email", unknown, "password", Person.PASSWORD));
        for (int i = 0; i < 4; i++) {
            sendAgain(registration).then().statusCode(202);
        }

        var refusals = new java.util.HashSet<String>();
        for (var email : new String[] {known, unknown}) {
            refusals.add(given().contentType("application/json")
                    .body(Map.of("market", "SG", "email", email, "password", Person.PASSWORD))
                    .post("/v1/accounts")
                    .then()
                    .statusCode(429)
                    .header("Retry-After", notNullValue())
                    .extract()
                    .<String>path("title"));
        }
        assertEquals(1, refusals.size());
        sendAgain(registration).then().statusCode(429);
    }

    private static io.restassured.response.Response sendAgain(String registration) {
        return given().contentType("application/json").post("/v1/accounts/" + registration + "/codes");
    }

    @Test
    void a_late_code_is_refused() {
        var email = Person.newEmail();
        var registration = Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        pool.query("update registration set expires_at = now() - interval '1 second' where id = '" + registration + "'")
                .executeAndAwait();

        Person.tryConfirm(registration, Person.code(email))
                .then()
                .statusCode(410)
                .body("type", equalTo("https://domicile.dev/errors/gone"));
    }

    @Test
    void a_crash_between_keycloak_and_the_database_is_repaired_by_repeating() {
        var email = Person.newEmail();
        var registration = Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        var code = Person.code(email);
        pool.query("alter table account add constraint crash check (false) not valid")
                .executeAndAwait();
        try {
            Person.tryConfirm(registration, code).then().statusCode(500);
        } finally {
            pool.query("alter table account drop constraint crash").executeAndAwait();
        }

        var account = Person.confirm(registration, code);
        assertEquals(account, Person.confirm(registration, code));
        Person.trySignIn(email, Person.PASSWORD).then().statusCode(200);
    }

    @Test
    void unknown_identifiers_and_wrong_passwords_get_the_same_answer_at_sign_in() {
        var person = Person.signedUp();

        var wrong = Person.trySignIn(person.email(), "not the password");
        var unknown = Person.trySignIn(Person.newEmail(), "not the password");

        assertEquals(wrong.statusCode(), unknown.statusCode());
        assertEquals(wrong.asString(), unknown.asString());
    }

    @Test
    void nothing_that_was_typed_is_stored_in_clear() {
        var person = Person.signedUp();
        var id = person.account().value();

        var row = pool.query("select a::text || i::text as text from account a join identifier i using (account_id)"
                        + " where account_id = '" + id + "'")
                .executeAndAwait()
                .iterator()
                .next()
                .getString("text");

        assertFalse(row.contains(person.email()));
        assertFalse(row.contains("Ada"));
        var hex = java.util.HexFormat.of().formatHex(person.email().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertFalse(row.contains(hex));
        assertNotEquals(AccountId.create(), person.account());
    }
}
