package org.domicile.account.registration;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import org.domicile.account.identity.Identities;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Browser;
import org.domicile.account.testing.Passkey;
import org.domicile.account.testing.Person;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** Sign-in by Keycloak's own form: the authorization code flow with PKCE (RFC 7636), as an app with a browser does it. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class BrowserSignInIT {
    @Inject
    Identities identities;

    @Test
    void the_form_takes_the_email_and_its_code_gives_the_accounts_token() {
        var person = Person.signedUp();
        var browser = new Browser();

        var code = browser.signIn(person.email(), person.password()).orElseThrow();

        var token = browser.exchange(code, browser.verifier())
                .then()
                .statusCode(200)
                .extract()
                .<String>path("access_token");
        Person.with(token)
                .get("/v1/me")
                .then()
                .statusCode(200)
                .body("accountId", equalTo(person.account().toString()));
    }

    @Test
    void a_code_is_worthless_without_the_verifier_and_used_once() {
        var person = Person.signedUp();
        var browser = new Browser();
        var code = browser.signIn(person.email(), person.password()).orElseThrow();

        var stolen = browser.exchange(code, new Browser().verifier());

        assertEquals(400, stolen.statusCode());
        assertEquals("invalid_grant", stolen.path("error"));
        assertEquals(400, browser.exchange(code, browser.verifier()).statusCode());
    }

    @Test
    void the_form_says_the_same_of_a_wrong_password_and_of_an_unknown_email() {
        var person = Person.signedUp();
        var known = new Browser();
        var unknown = new Browser();

        assertTrue(known.signIn(person.email(), "not the password").isEmpty());
        assertTrue(unknown.signIn(Person.newEmail(), "not the password").isEmpty());

        assertEquals(unknown.complaint(), known.complaint());
    }

    @Test
    void a_passkey_signs_in_without_a_name_or_a_password_and_another_does_not() {
        var person = Person.signedUp();
        var passkey = new Passkey();
        new Browser().addPasskey(person.email(), person.password(), passkey);
        var browser = new Browser();

        var code = browser.signIn(passkey).orElseThrow();

        var token = browser.exchange(code, browser.verifier())
                .then()
                .statusCode(200)
                .extract()
                .<String>path("access_token");
        Person.with(token)
                .get("/v1/me")
                .then()
                .statusCode(200)
                .body("accountId", equalTo(person.account().toString()));
        assertTrue(new Browser().signIn(passkey.forged()).isEmpty(), "another key under the same id");
        assertEquals("localhost", new Browser().rpId());
    }

    @Test
    void a_device_without_a_browser_is_let_in_by_its_owner() {
        var person = Person.signedUp();
        var device = new Browser();
        var asked = device.device().then().statusCode(200).extract();

        new Browser().grant(asked.path("verification_uri_complete"), person.email(), person.password());

        var token = device.exchangeDevice(asked.path("device_code"))
                .then()
                .statusCode(200)
                .extract()
                .<String>path("access_token");
        Person.with(token)
                .get("/v1/me")
                .then()
                .statusCode(200)
                .body("accountId", equalTo(person.account().toString()));
    }

    @Test
    void after_ten_wrong_passwords_the_right_one_waits_too_with_the_same_answer() {
        var person = Person.signedUp();
        var wrong = Person.trySignIn(person.email(), "not the password").asString();

        // Keycloak counts a failure a moment after its answer
        Wait.until("locked", () -> {
            for (int i = 0; i < 10; i++) {
                Person.trySignIn(person.email(), "not the password").then().statusCode(400);
            }
            return Person.trySignIn(person.email(), person.password()).statusCode() == 400;
        });

        assertEquals(wrong, Person.trySignIn(person.email(), person.password()).asString());
    }

    @Test
    void the_form_says_the_same_of_a_locked_account_and_of_an_unknown_email() {
        var person = Person.signedUp();
        var unknown = new Browser();
        assertTrue(unknown.signIn(Person.newEmail(), "not the password").isEmpty());

        Wait.until("locked", () -> {
            for (int i = 0; i < 10; i++) {
                new Browser().signIn(person.email(), "not the password");
            }
            var right = new Browser();
            return right.signIn(person.email(), person.password()).isEmpty()
                    && right.complaint().equals(unknown.complaint());
        });
    }

    @Test
    void a_sign_in_without_a_challenge_or_with_one_that_hides_nothing_is_refused() {
        assertEquals("invalid_request", new Browser().refusalWithoutChallenge());
        assertEquals("invalid_request", new Browser().refusalOfPlainChallenge());
    }

    @Test
    void a_password_is_stored_as_argon2id_and_not_hashed_again_at_sign_in() {
        var person = Person.signedUp();
        var before = identities.find(person.account()).await().indefinitely().orElseThrow();
        assertTrue(new Browser().signIn(person.email(), person.password()).isPresent());

        var stored = new JsonObject(before.credentials().getFirst().credentialData());
        assertEquals("argon2", stored.getString("algorithm"));
        assertEquals(5, stored.getInteger("hashIterations"));
        var parameters = stored.getJsonObject("additionalParameters");
        assertEquals("id", parameters.getJsonArray("type").getString(0));
        assertEquals("7168", parameters.getJsonArray("memory").getString(0));
        assertEquals(
                before, identities.find(person.account()).await().indefinitely().orElseThrow());
    }
}
