package org.domicile.account.session;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** An owner's sessions and what happened to them, with the real Keycloak. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class SessionIT {
    @Inject
    Pool pool;

    @Test
    void an_owner_sees_where_they_are_signed_in_and_ends_one() {
        var person = Person.signedUp();
        var phone = Person.trySignIn(person.email(), person.password());
        var laptop = Person.trySignIn(person.email(), person.password());
        var token = phone.<String>path("access_token");

        Person.with(token)
                .get("/v1/me/sessions")
                .then()
                .statusCode(200)
                .body("sessions.size()", equalTo(2))
                .body("sessions.findAll { it.current }.size()", equalTo(1))
                .body("sessions[0].clients", contains("domicile-device"))
                .body("sessions[0].startedAt", notNullValue());
        var other = Person.with(token).get("/v1/me/sessions").<String>path("sessions.find { !it.current }.id");

        Person.with(token).delete("/v1/me/sessions/" + other).then().statusCode(204);

        assertEquals(400, Person.refresh(laptop.path("refresh_token")).statusCode());
        assertEquals(200, Person.refresh(phone.path("refresh_token")).statusCode());
        Person.with(token).get("/v1/me/sessions").then().body("sessions.size()", equalTo(1));
        Person.with(token).delete("/v1/me/sessions/" + other).then().statusCode(404);
        assertEquals(Set.of("SESSION_ENDED"), kinds(token, "SESSION_ENDED"));
    }

    @Test
    void all_sessions_but_the_one_that_asks_end_at_once() {
        var person = Person.signedUp();
        var first = Person.signIn(person.email(), person.password());
        var second = Person.signIn(person.email(), person.password());
        var here = Person.signIn(person.email(), person.password());
        var token = here.<String>path("access_token");

        Person.with(token).delete("/v1/me/sessions").then().statusCode(204);

        assertEquals(400, Person.refresh(first.path("refresh_token")).statusCode());
        assertEquals(400, Person.refresh(second.path("refresh_token")).statusCode());
        assertEquals(200, Person.refresh(here.path("refresh_token")).statusCode());
        Person.with(token)
                .get("/v1/me/sessions")
                .then()
                .body("sessions.size()", equalTo(1))
                .body("sessions[0].current", equalTo(true));
    }

    @Test
    void nobody_ends_somebody_elses_session() {
        var person = Person.signedUp();
        var victim = Person.signedUp();
        var session = victim.asked().get("/v1/me/sessions").<String>path("sessions[0].id");

        person.asked().delete("/v1/me/sessions/" + session).then().statusCode(404);
        person.asked().delete("/v1/me/sessions/..%2Fdisable").then().statusCode(404);

        victim.asked().get("/v1/me/sessions").then().body("sessions.id.contains('" + session + "')", equalTo(true));
    }

    @Test
    void a_refresh_token_is_worth_one_refresh() {
        var person = Person.signedUp();
        var signedIn = Person.trySignIn(person.email(), person.password());

        var refreshed = Person.refresh(signedIn.path("refresh_token"));
        assertEquals(200, refreshed.statusCode());
        assertNotEquals(signedIn.<String>path("refresh_token"), refreshed.path("refresh_token"));
        var claims = claims(refreshed.path("access_token"));
        assertEquals(300, claims.getLong("exp") - claims.getLong("iat"), "seconds");

        assertEquals(400, Person.refresh(signedIn.path("refresh_token")).statusCode());
    }

    private static JsonObject claims(String token) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
    }

    @Test
    void sign_ins_failures_and_changes_are_events_of_which_only_the_kind_is_kept() {
        var person = Person.signedUp();
        Person.trySignIn(person.email(), "not the password").then().statusCode(400);
        var token = person.token();
        Person.with(token)
                .body(Map.of("name", "phone", "model", "M1"))
                .post("/v1/me/devices")
                .then()
                .statusCode(201);
        var wanted = Set.of("SIGN_IN_FAILED", "SIGNED_IN", "DEVICE_ADDED");

        Wait.until("told", () -> kinds(token, wanted.toArray(String[]::new)).equals(wanted));

        Person.with(token)
                .get("/v1/me/security-events")
                .then()
                .statusCode(200)
                .body("events[0].keySet()", equalTo(Set.of("id", "kind", "at")));
    }

    @Test
    void events_go_after_90_days() {
        var person = Person.signedUp();
        pool.preparedQuery("insert into security_event (account_id, id, version, kind, at) values"
                        + " ($1, gen_random_uuid(), 1, 'SIGNED_IN', now() - interval '91 days'),"
                        + " ($1, gen_random_uuid(), 1, 'SIGNED_OUT', now() - interval '89 days')")
                .executeAndAwait(Tuple.of(person.account().value()));

        Wait.until(
                "only the younger is left",
                () -> pool.preparedQuery("select kind from security_event where account_id = $1")
                                .executeAndAwait(Tuple.of(person.account().value()))
                                .size()
                        == 1);
    }

    private static Set<String> kinds(String token, String... of) {
        var wanted = Set.of(of);
        List<String> kinds = Person.with(token)
                .get("/v1/me/security-events")
                .then()
                .statusCode(200)
                .extract()
                .path("events.kind");
        return kinds.stream().filter(wanted::contains).collect(java.util.stream.Collectors.toSet());
    }
}
