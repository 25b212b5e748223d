package org.domicile.account.registration;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Browser;
import org.domicile.account.testing.Person;
import org.junit.jupiter.api.Test;

/** Sign-in by Keycloak's own form: the authorization code flow with PKCE (RFC 7636), as an app with a browser does it. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class BrowserSignInIT {
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
    void a_sign_in_without_a_challenge_is_refused() {
        assertEquals("invalid_request", new Browser().refusalWithoutChallenge());
    }
}
