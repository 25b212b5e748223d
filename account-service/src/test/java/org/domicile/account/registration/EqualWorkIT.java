package org.domicile.account.registration;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.domicile.account.identity.IdentityUser;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.OtherRegion;
import org.domicile.account.testing.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an identifier that is known costs, one that is unknown costs too: the same statements are executed and the same number of
 * passwords is hashed, so that no time, however well measured, tells them apart.
 */
@QuarkusTest
@QuarkusTestResource(
        value = AccountParts.class,
        initArgs = @ResourceArg(name = "tapped", value = "true"),
        restrictToAnnotatedClass = true)
class EqualWorkIT {
    @Inject
    PasswordHash passwords;

    private final CountingHash counting = new CountingHash();

    @BeforeEach
    void count() {
        QuarkusMock.installMockForInstance(counting, passwords);
    }

    @AfterEach
    void nothingIsLeft() {
        AccountParts.tap().drain();
    }

    /** Hashes, and counts. */
    @Vetoed
    static class CountingHash extends PasswordHash {
        private final AtomicInteger hashes = new AtomicInteger();

        CountingHash() {
            super(new SecureRandom(), Clock.systemUTC());
        }

        @Override
        public IdentityUser.Credential hash(String password) {
            hashes.incrementAndGet();
            return super.hash(password);
        }
    }

    /** @param statements sorted */
    private record Work(int status, List<String> statements, int hashes) {}

    @Test
    void a_sign_up() {
        var known = Person.signedUp().email();

        var of = work(() -> signUp(Person.newEmail(), Map.of()));

        assertEquals(202, of.status());
        assertEquals(1, of.hashes());
        assertFalse(of.statements().isEmpty());
        assertEquals(of, work(() -> signUp(known, Map.of())));
    }

    @Test
    void a_sign_up_of_a_minor_whose_guardian_is_known() {
        var known = Person.signedUp().email();

        var of = work(() -> signUp(Person.newEmail(), Map.of("ageBand", "minor", "guardian", Person.newEmail())));

        assertEquals(202, of.status());
        assertEquals(of, work(() -> signUp(Person.newEmail(), Map.of("ageBand", "minor", "guardian", known))));
    }

    @Test
    void a_wrong_code() {
        var known = Person.signedUp().email();
        var ofKnown = Person.register(Map.of("market", "SG", "email", known, "password", Person.PASSWORD));
        var ofUnknown =
                Person.register(Map.of("market", "SG", "email", Person.newEmail(), "password", Person.PASSWORD));

        var of = work(() -> Person.tryConfirm(ofUnknown, "abcdef"));

        assertEquals(400, of.status());
        assertEquals(of, work(() -> Person.tryConfirm(ofKnown, "abcdef")));
    }

    @Test
    void a_question_where_somebody_lives() {
        var known = Person.signedUp().email();
        try (var other = new OtherRegion()) {
            var of = work(() -> discover(Person.newEmail()));

            assertEquals(200, of.status());
            assertFalse(of.statements().isEmpty());
            assertEquals(of, work(() -> discover(known)));
            assertEquals(6, other.asked().size());
        }
    }

    @Test
    void a_wish_for_another_identifier() {
        var known = Person.signedUp().email();
        var one = Person.signedUp().token();
        var another = Person.signedUp().token();

        var of = work(() -> change(one, Person.newEmail()));

        assertEquals(202, of.status());
        assertEquals(of, work(() -> change(another, known)));
    }

    @Test
    void a_sign_in_asks_account_service_once_either_way() {
        var known = Person.signedUp().email();

        var of = signIn(Person.newEmail());

        assertFalse(of.isEmpty());
        assertEquals(of, signIn(known));
    }

    private static List<String> signIn(String email) {
        AccountParts.tap().drain();
        Person.trySignIn(email, "not the password").then().statusCode(400);
        return AccountParts.tap().drain().stream()
                .filter(statement -> statement.contains("identifier where"))
                .toList();
    }

    /** The least of three: what goes on beside, such as an event of a sign-up before, can only add. */
    private Work work(Supplier<Response> request) {
        return Stream.generate(() -> once(request))
                .limit(3)
                .min(Comparator.comparingInt(work -> work.statements().size()))
                .orElseThrow();
    }

    private Work once(Supplier<Response> request) {
        AccountParts.tap().drain();
        counting.hashes.set(0);
        var answer = request.get();
        return new Work(answer.statusCode(), AccountParts.tap().drain(), counting.hashes.get());
    }

    private static Response signUp(String email, Map<String, String> more) {
        var body = new java.util.HashMap<String, Object>(more);
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
