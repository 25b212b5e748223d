package org.domicile.account.confirmation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Browser;
import org.domicile.account.testing.Everything;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;
import org.junit.jupiter.api.Test;

/** Another e-mail address or phone number: proved by a code, told to the old one, and followed by sign-in and discovery at once. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class IdentifierChangeIT {
    @Inject
    Pool pool;

    @Inject
    Kms kms;

    @Test
    void a_new_address_is_the_accounts_when_its_code_comes_back_and_the_old_is_free() throws IOException {
        var person = Person.signedUp();
        var token = person.token();
        var wanted = Person.newEmail();

        var asked = change(token, "email", wanted);
        asked.then()
                .statusCode(202)
                .body("email", equalTo(person.email()))
                .body("waiting[0].kind", equalTo("EMAIL"))
                .body("waiting[0].waitsFor", equalTo("code"))
                .body("waiting[0].expiresAt", notNullValue());
        assertTrue(Files.readString(notice(person.email())).contains("Another e-mail address"));
        assertFalse(Files.exists(notice(wanted)));
        Person.trySignIn(wanted, person.password()).then().statusCode(400);
        assertEquals(List.of(), Everything.holding(pool, wanted), "waits encrypted");

        confirm(token, asked, Person.code(wanted)).then().statusCode(200).body("kind", equalTo("EMAIL"));
        confirm(token, asked, Person.code(wanted)).then().statusCode(200);

        Person.with(token).get("/v1/me").then().body("email", equalTo(wanted)).body("waiting", nullValue());
        Person.trySignIn(wanted, person.password()).then().statusCode(200);
        Person.trySignIn(person.email(), person.password()).then().statusCode(400);
        assertTrue(new Browser().signIn(wanted, person.password()).isPresent());
        Person.with(token)
                .get("/v1/me/security-events")
                .then()
                .body("events.findAll { it.kind == 'IDENTIFIER_CHANGED' }.size()", equalTo(1));
        Person.with(token)
                .get("/v1/me/notices")
                .then()
                .body("notices.findAll { it.kind == 'IDENTIFIER_CHANGE' }.size()", equalTo(1));
        var other = Person.register(Map.of("market", "SG", "email", person.email(), "password", Person.PASSWORD));
        Person.confirm(other, Person.code(person.email()));
    }

    @Test
    void who_can_be_found_is_found_by_the_new_number_and_no_more_by_the_old() {
        var person = Person.signedUp();
        var token = person.token();
        var first = Person.newPhone();
        var second = Person.newPhone();
        confirm(token, change(token, "phone", first), Person.code(first)).then().statusCode(200);
        Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/discoverability")
                .then()
                .statusCode(200);
        published(person.account(), hash("email", person.email()), hash("phone", first));

        var asked = change(token, "phone", second);
        confirm(token, asked, Person.code(second)).then().statusCode(200);

        published(person.account(), hash("email", person.email()), hash("phone", second));
    }

    @Test
    void the_number_of_another_account_is_told_only_to_who_holds_it() {
        var victim = Person.signedUp();
        var person = Person.signedUp();
        var token = person.token();

        var known = change(token, "email", victim.email());
        var unknown = change(token, "email", Person.newEmail());
        assertEquals(unknown.statusCode(), known.statusCode());
        assertEquals(
                unknown.<Map<String, ?>>path("waiting[0]").keySet(),
                known.<Map<String, ?>>path("waiting[0]").keySet());

        var again = change(token, "email", victim.email());
        confirm(token, again, Person.code(victim.email()))
                .then()
                .statusCode(409)
                .body("type", equalTo("https://domicile.dev/errors/conflict"));
        Person.with(token).get("/v1/me").then().body("email", equalTo(person.email()));
        Person.trySignIn(victim.email(), victim.password()).then().statusCode(200);
    }

    @Test
    void an_earlier_wish_is_worth_nothing_and_neither_is_anothers_code() {
        var person = Person.signedUp();
        var token = person.token();
        var first = Person.newEmail();
        var asked = change(token, "email", first);
        var code = Person.code(first);
        var second = change(token, "email", Person.newEmail());

        confirm(token, asked, code).then().statusCode(400);
        confirm(Person.signedUp().token(), second, code).then().statusCode(400);
        Person.with(token).get("/v1/me").then().body("email", equalTo(person.email()));
    }

    @Test
    void a_late_and_a_guessed_code_change_nothing() {
        var person = Person.signedUp();
        var token = person.token();
        var wanted = Person.newEmail();
        var asked = change(token, "email", wanted);
        var right = Person.code(wanted);
        for (int i = 0; i < 5; i++) {
            confirm(token, asked, right.equals("000000") ? "000001" : "000000")
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("https://domicile.dev/errors/wrong-code"));
        }
        confirm(token, asked, right).then().statusCode(429);

        var late = change(token, "email", wanted);
        pool.preparedQuery("update confirmation set expires_at = now() where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()));
        confirm(token, late, Person.code(wanted)).then().statusCode(410);
        Person.with(token).get("/v1/me").then().body("email", equalTo(person.email()));
    }

    @Test
    void five_changes_an_hour_are_enough() {
        var token = Person.signedUp().token();
        for (int i = 0; i < 5; i++) {
            change(token, "email", Person.newEmail()).then().statusCode(202);
        }
        change(token, "email", Person.newEmail())
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("type", equalTo("https://domicile.dev/errors/too-many-requests"));
    }

    @Test
    void what_the_account_has_already_needs_no_proof_and_the_rest_is_changed_at_once() {
        var person = Person.signedUp();
        Person.with(person.token())
                .body(Map.of("email", person.email().toUpperCase(java.util.Locale.ROOT), "displayName", "Countess"))
                .patch("/v1/me")
                .then()
                .statusCode(200)
                .body("displayName", equalTo("Countess"))
                .body("waiting", nullValue());
    }

    private void published(AccountId account, String... hashes) {
        var wanted = List.of(hashes);
        TopicReader.until("consent.state", account, e -> {
            var state = e.getJsonObject("features").getJsonObject("discoverability");
            return state != null
                    && state.getJsonArray("index").size() == wanted.size()
                    && wanted.stream().allMatch(state.getJsonArray("index")::contains);
        });
    }

    private String hash(String kind, String value) {
        return HexFormat.of()
                .formatHex(kms.indexMac(("discover:" + kind + ":" + value).getBytes(UTF_8))
                        .await()
                        .indefinitely());
    }

    private static Path notice(String identifier) {
        return AccountParts.codes().resolve("notices").resolve(URLEncoder.encode(identifier, UTF_8));
    }

    private static Response change(String token, String member, String value) {
        return Person.with(token).body(Map.of(member, value)).patch("/v1/me");
    }

    private static Response confirm(String token, Response asked, String code) {
        return Person.with(token)
                .body(Map.of("code", code))
                .post("/v1/me/confirmations/" + asked.<String>path("waiting[0].confirmationId"));
    }
}
