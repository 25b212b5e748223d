package org.domicile.account.password;

import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Browser;
import org.domicile.account.testing.Passkey;
import org.domicile.account.testing.Person;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class PasswordIT {
    private static final String ANOTHER = "another horse entirely";

    @Test
    void another_password_ends_every_session_but_the_one_that_asked_and_every_identifier_is_told() throws IOException {
        var person = Person.signedUp();
        var elsewhere = Person.signIn(person.email(), person.password());
        var here = Person.signIn(person.email(), person.password());

        change(here.path("access_token"), ANOTHER).then().statusCode(204);

        assertEquals(400, Person.refresh(elsewhere.path("refresh_token")).statusCode());
        assertEquals(200, Person.refresh(here.path("refresh_token")).statusCode());
        Person.trySignIn(person.email(), person.password()).then().statusCode(400);
        Person.signIn(person.email(), ANOTHER);
        Wait.until("told", () -> Files.exists(person.letter()));
        assertTrue(Files.readString(person.letter()).contains("The password of your account was changed"));
        event(here.path("access_token"), "CREDENTIAL_CHANGED");
    }

    @Test
    void another_password_follows_the_rules_of_a_sign_up() {
        var person = Person.signedUp();
        var token = person.token();
        var name = person.email().substring(0, person.email().indexOf('@'));

        for (var weak : new String[] {"short", "password1234", "x" + name + "x"}) {
            change(token, weak).then().statusCode(400).body("type", endsWith("/weak-password"));
        }

        assertEquals(200, Person.trySignIn(person.email(), person.password()).statusCode());
    }

    @Test
    void a_forgotten_password_is_set_anew_with_a_code_once_and_all_sessions_end() throws IOException {
        var person = Person.signedUp();
        var session = Person.signIn(person.email(), person.password());
        var reset = ask(person.email());

        reset(reset, "abcdef", ANOTHER).then().statusCode(400).body("type", endsWith("/wrong-code"));
        reset(reset, Person.code(person.email()), ANOTHER)
                .then()
                .statusCode(200)
                .body("accountId", equalTo(person.account().toString()));

        assertEquals(400, Person.refresh(session.path("refresh_token")).statusCode());
        Person.trySignIn(person.email(), person.password()).then().statusCode(400);
        var again = Person.signIn(person.email(), ANOTHER);
        Wait.until("told", () -> Files.exists(person.letter()));
        event(again.path("access_token"), "PASSWORD_RESET");
        reset(reset, Person.code(person.email()), person.password()).then().statusCode(410);
        Person.signIn(person.email(), ANOTHER);
    }

    @Test
    void that_nobody_has_an_identifier_is_told_to_its_holder_only() {
        var unknown = Person.newEmail();
        var reset = ask(unknown);

        reset(reset, "abcdef", ANOTHER).then().statusCode(400).body("type", endsWith("/wrong-code"));
        reset(reset, Person.code(unknown), ANOTHER).then().statusCode(404);
    }

    @Test
    void a_code_opens_nothing_but_what_it_was_sent_for_and_five_are_tried() {
        var person = Person.signedUp();
        var other = Person.signedUp();
        var reset = ask(person.email());
        ask(other.email());

        for (int i = 0; i < 5; i++) {
            reset(reset, Person.code(other.email()), ANOTHER).then().statusCode(400);
        }
        reset(reset, Person.code(person.email()), ANOTHER).then().statusCode(429);

        assertEquals(200, Person.trySignIn(person.email(), person.password()).statusCode());
    }

    @Test
    void a_password_set_anew_opens_an_account_that_wrong_ones_had_locked() {
        var person = Person.signedUp();
        // Keycloak counts a failure a moment after its answer
        Wait.until("locked", () -> {
            for (int i = 0; i < 10; i++) {
                Person.trySignIn(person.email(), "not the password").then().statusCode(400);
            }
            return Person.trySignIn(person.email(), person.password()).statusCode() == 400;
        });

        reset(ask(person.email()), Person.code(person.email()), ANOTHER).then().statusCode(200);

        Person.trySignIn(person.email(), ANOTHER).then().statusCode(200);
    }

    @Test
    void a_passkey_that_its_owner_removes_signs_in_no_more() {
        var person = Person.signedUp();
        var lost = new Passkey();
        var kept = new Passkey("Tablet");
        new Browser().addPasskey(person.email(), person.password(), lost);
        var token = person.token();
        String id = Person.with(token)
                .get("/v1/me/passkeys")
                .then()
                .statusCode(200)
                .body("passkeys.label", equalTo(List.of("Phone")))
                .extract()
                .path("passkeys[0].id");
        new Browser().addPasskey(person.email(), person.password(), kept);

        Person.with(token).delete("/v1/me/passkeys/" + id).then().statusCode(204);

        assertTrue(new Browser().signIn(lost).isEmpty());
        assertTrue(new Browser().signIn(kept).isPresent());
        Person.with(token).delete("/v1/me/passkeys/" + id).then().statusCode(404);
        Person.with(token).get("/v1/me/passkeys").then().statusCode(200).body("passkeys.size()", equalTo(1));
        event(token, "CREDENTIAL_REMOVED");
    }

    private static Response change(String token, String password) {
        return Person.with(token).body(Map.of("password", password)).put("/v1/me/password");
    }

    private static String ask(String email) {
        return Person.askForPassword(email).then().statusCode(202).extract().path("resetId");
    }

    private static Response reset(String reset, String code, String password) {
        return Person.anonymous()
                .body(Map.of("code", code, "password", password))
                .post("/v1/password-resets/" + reset);
    }

    private static void event(String token, String kind) {
        Person.with(token).get("/v1/me/security-events").then().statusCode(200).body("events.kind", hasItem(kind));
    }
}
