package org.domicile.account.limit;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.crypto.Kms;
import org.junit.jupiter.api.Test;

/** A proxy that is believed says whose request it is; the test is the proxy. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class AddressLimitsIT {
    @Inject
    AddressLimits limits;

    @Inject
    SharedBudgets budgets;

    @Inject
    LimitsConfig config;

    @Inject
    Clock clock;

    @Inject
    Kms kms;

    @Inject
    Pool pool;

    @Test
    void too_many_sign_ups_of_an_address_are_refused_for_known_and_unknown_alike() {
        var known = Person.signedUp().email();
        for (int i = 0; i < config.signUpsPerHour(); i++) {
            limits.signUp(new Caller("203.0.113.21", Optional.empty()));
        }

        for (var email : new String[] {known, Person.newEmail()}) {
            signUp("203.0.113.21", email)
                    .then()
                    .statusCode(429)
                    .header("Retry-After", notNullValue())
                    .body("type", equalTo("https://domicile.dev/errors/too-many-requests"));
        }
        assertEquals(202, signUp("203.0.113.22", Person.newEmail()).statusCode());
    }

    @Test
    void sign_ups_of_an_address_are_counted_over_all_instances() {
        var another = new SignUpLimit(new AddressLimits(config, clock), budgets, config);
        another.take(new Caller("203.0.113.24", Optional.empty())).await().indefinitely();
        assertEquals(202, signUp("203.0.113.24", Person.newEmail()).statusCode());
        takesTheRest("203.0.113.24");

        signUp("203.0.113.24", Person.newEmail())
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("detail", startsWith("Too many requests from this address: try again in "));
        assertEquals(202, signUp("203.0.113.25", Person.newEmail()).statusCode());
    }

    @Test
    void too_many_questions_where_somebody_lives_are_refused() {
        for (int i = 0; i < config.discoveriesPerHour(); i++) {
            limits.discovery(new Caller("203.0.113.23", Optional.empty()));
        }

        given().contentType(ContentType.JSON)
                .header("X-Forwarded-For", "203.0.113.23")
                .body(Map.of("market", "SG", "email", Person.newEmail()))
                .post("/v1/discover")
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue());
    }

    /** Another instance, or several. */
    private void takesTheRest(String address) {
        var mac = kms.indexMac(("sign-ups:" + address).getBytes(UTF_8)).await().indefinitely();
        var rows = pool.preparedQuery("update code_budget set used = $2 where mac = $1 and used = 2")
                .executeAndAwait(Tuple.of(Buffer.buffer(mac), config.signUpsPerHour()));
        assertEquals(1, rows.rowCount());
    }

    private static Response signUp(String address, String email) {
        return given().contentType(ContentType.JSON)
                .header("X-Forwarded-For", address)
                .body(Map.of("market", "SG", "email", email, "password", Person.PASSWORD))
                .post("/v1/accounts");
    }
}
