package org.domicile.account.registration;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.domicile.account.identity.IdentityUser;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.OtherRegion;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.Statements;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an identifier that is known costs, one that is unknown costs too: the same statements are executed and the same number of
 * passwords is hashed, so that no time, however well measured, tells them apart.
 */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
@QuarkusTestResource(value = Statements.class, restrictToAnnotatedClass = true)
class EqualWorkIT {
    private static final String SIGN_UP = "POST /v1/accounts";
    private static final String CONFIRM = "POST /v1/accounts/{registrationId}/confirm";
    private static final String FORGOT = "POST /v1/password-resets";
    private static final String RESET = "POST /v1/password-resets/{resetId}";
    private static final String DISCOVER = "POST /v1/discover";
    private static final String CHANGE = "PATCH /v1/me";
    private static final String RESOLVE = "POST /internal/v1/resolve";

    @Inject
    PasswordHash passwords;

    @Inject
    Vertx vertx;

    private CountingHash counting;

    /** What is known only after the first request, such as the region's keys, is not counted as work of the next. */
    @BeforeEach
    void count() {
        registered(Person.newEmail());
        counting = new CountingHash(vertx);
        QuarkusMock.installMockForInstance(counting, passwords);
    }

    /** Hashes, and counts. */
    @Vetoed
    static class CountingHash extends PasswordHash {
        private final AtomicInteger hashes = new AtomicInteger();

        CountingHash(Vertx vertx) {
            super(new SecureRandom(), Clock.systemUTC(), vertx);
        }

        @Override
        public Uni<IdentityUser.Credential> hash(String password) {
            hashes.incrementAndGet();
            return super.hash(password);
        }
    }

    /** @param statements sorted */
    private record Work(int status, List<String> statements, int hashes) {}

    @Test
    void a_sign_up() {
        var known = Person.signedUp().email();

        var of = work(SIGN_UP, () -> signUp(Person.newEmail(), Map.of()));

        assertEquals(202, of.status());
        assertEquals(1, of.hashes());
        assertEquals(of, work(SIGN_UP, () -> signUp(known, Map.of())));
    }

    @Test
    void a_sign_up_of_a_minor_whose_guardian_is_known() {
        var known = Person.signedUp().email();

        var of = work(SIGN_UP, () -> signUp(Person.newEmail(), guarded(Person.newEmail())));

        assertEquals(202, of.status());
        assertEquals(of, work(SIGN_UP, () -> signUp(Person.newEmail(), guarded(known))));
    }

    @Test
    void a_wrong_code() {
        var ofKnown = registered(Person.signedUp().email());
        var ofUnknown = registered(Person.newEmail());

        var of = work(CONFIRM, () -> Person.tryConfirm(ofUnknown, "abcdef"));

        assertEquals(400, of.status());
        assertEquals(of, work(CONFIRM, () -> Person.tryConfirm(ofKnown, "abcdef")));
    }

    @Test
    void a_question_where_somebody_lives() {
        var known = Person.signedUp().email();
        try (var other = new OtherRegion()) {
            var of = work(DISCOVER, () -> discover(Person.newEmail()));
            var asked = other.asked().size();

            assertEquals(200, of.status());
            assertEquals(1, asked);
            assertEquals(of, work(DISCOVER, () -> discover(known)));
            assertEquals(asked, other.asked().size());
        }
    }

    @Test
    void a_wish_for_another_identifier() {
        var known = Person.signedUp().email();
        var one = Person.signedUp().token();
        var another = Person.signedUp().token();

        var of = work(CHANGE, () -> change(one, Person.newEmail()));

        assertEquals(202, of.status());
        assertEquals(of, work(CHANGE, () -> change(another, known)));
    }

    @Test
    void a_wish_for_a_new_password() {
        var known = Person.signedUp().email();

        var of = work(FORGOT, () -> Person.askForPassword(Person.newEmail()));

        assertEquals(202, of.status());
        assertEquals(of, work(FORGOT, () -> Person.askForPassword(known)));
    }

    @Test
    void a_wrong_code_for_a_new_password() {
        var ofKnown = Person.askForPassword(Person.signedUp().email()).<String>path("resetId");
        var ofUnknown = Person.askForPassword(Person.newEmail()).<String>path("resetId");

        var of = work(RESET, () -> reset(ofUnknown));

        assertEquals(400, of.status());
        assertEquals(of, work(RESET, () -> reset(ofKnown)));
    }

    private static Response reset(String id) {
        return Person.anonymous()
                .body(Map.of("code", "abcdef", "password", Person.PASSWORD))
                .post("/v1/password-resets/" + id);
    }

    @Test
    void a_sign_in_asks_account_service_once_either_way() {
        var known = Person.signedUp().email();

        var of = signIn(Person.newEmail());

        assertEquals(1, of.size());
        assertFalse(of.getFirst().isEmpty());
        assertEquals(of, signIn(known));
    }

    @Test
    void a_sign_in_asks_account_service_of_an_operators_name_as_of_one_that_nobody_has() {
        var of = signIn("nobody-has-this");

        assertEquals(1, of.size());
        assertEquals(of, signIn(AccountParts.operator()));
    }

    private static List<List<String>> signIn(String email) {
        return Statements.of(
                RESOLVE,
                () -> Person.trySignIn(email, "not the password").then().statusCode(400));
    }

    private Work work(String name, Supplier<Response> request) {
        counting.hashes.set(0);
        var status = new AtomicInteger();
        var statements = Statements.of(name, () -> status.set(request.get().statusCode()));
        assertEquals(1, statements.size());
        assertFalse(statements.getFirst().isEmpty(), "a request that says nothing to its database proves nothing");
        return new Work(status.get(), statements.getFirst(), counting.hashes.get());
    }

    private static String registered(String email) {
        return Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
    }

    private static Map<String, ?> guarded(String guardian) {
        return Map.of("ageBand", "minor", "guardian", guardian);
    }

    private static Response signUp(String email, Map<String, ?> more) {
        var body = new HashMap<String, Object>(more);
        body.putAll(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
        return given().contentType(ContentType.JSON).body(body).post("/v1/accounts");
    }

    private static Response discover(String email) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("market", "SG", "email", email))
                .post("/v1/discover");
    }

    private static Response change(String token, String email) {
        return Person.with(token).body(Map.of("email", email)).patch("/v1/me");
    }
}
