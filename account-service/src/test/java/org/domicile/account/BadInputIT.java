package org.domicile.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class BadInputIT {
    @Inject
    Pool pool;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400|malformed-body|{\"market\":",
                "400|invalid-request|",
                "400|invalid-request|{}",
                "400|unknown-market|{\"market\":\"XX\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\"}",
                "421|wrong-region|{\"market\":\"MY\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\"}",
                "400|invalid-identifier|{\"market\":\"SG\",\"phone\":\"12\",\"password\":\"correct horse battery\"}",
                "400|invalid-identifier|{\"market\":\"SG\",\"email\":\"nobody\",\"password\":\"correct horse"
                        + " battery\"}",
                "400|invalid-request|{\"market\":\"SG\",\"password\":\"correct horse battery\"}",
                "400|invalid-request|{\"market\":\"SG\",\"email\":\"a@example.com\",\"phone\":\"+6591234567\",\"password\":\"correct"
                        + " horse battery\"}",
                "400|weak-password|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"secret\"}",
                "400|unknown-field|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\",\"admin\":true}",
                "400|guardian-required|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\",\"ageBand\":\"minor\"}",
                "400|invalid-request|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\",\"ageBand\":\"toddler\"}",
                "400|invalid-identifier|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\",\"ageBand\":\"minor\",\"guardian\":\"my mother\"}",
                "400|invalid-request|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\",\"ageBand\":\"minor\",\"guardian\":\"A@example.com\"}",
                "400|invalid-request|{\"market\":\"SG\",\"email\":\"a@example.com\",\"password\":\"correct horse"
                        + " battery\",\"guardian\":\"b@example.com\"}",
                "400|invalid-request|{\"market\":{},\"email\":\"a@example.com\",\"password\":\"correct horse battery\"}"
            })
    void a_bad_sign_up_is_refused_and_stores_nothing(int status, String code, String body) {
        long before = registrations();

        var answer = given().contentType(ContentType.JSON)
                .body(body == null ? "" : body)
                .post("/v1/accounts");

        problem(answer, status, code);
        assertEquals(before, registrations());
    }

    @Test
    void a_wrong_region_says_where_to_go() {
        given().contentType(ContentType.JSON)
                .body("{\"market\":\"MY\",\"email\":\"a@example.com\",\"password\":\"correct horse battery\"}")
                .post("/v1/accounts")
                .then()
                .body("homeRegion", equalTo("ap-southeast"))
                .body("location", notNullValue());
    }

    @Test
    void a_confirmation_of_nothing_is_refused() {
        problem(Person.tryConfirm("00000000-0000-4000-8000-000000000000", "123456"), 404, "not-found");
        problem(Person.tryConfirm("not-an-id", "123456"), 404, "not-found");
        problem(
                given().contentType(ContentType.JSON).post("/v1/accounts/00000000-0000-4000-8000-000000000000/codes"),
                404,
                "not-found");
        problem(
                given().header("Domicile-Device-Number", "short")
                        .contentType(ContentType.JSON)
                        .body("{\"market\":\"CN\",\"email\":\"a@example.com\"}")
                        .post("/v1/discover"),
                400,
                "invalid-request");
    }

    @Test
    void a_guardian_of_nobody_is_told_nothing() {
        var path = "/v1/guardians/00000000-0000-7000-8000-000000000000";
        var person = Person.signedUp();
        for (var account : new String[] {
            "00000000-0000-7000-8000-000000000000", person.account().toString()
        }) {
            var waiting = given().contentType(ContentType.JSON)
                    .body("{\"feature\":\"backup\"}")
                    .post("/v1/guardians/" + account + "/withdrawals");
            waiting.then().statusCode(202).body("waitsFor", equalTo("guardian"));
            problem(
                    given().contentType(ContentType.JSON)
                            .body("{\"code\":\"123456\"}")
                            .post("/v1/guardians/" + account + "/confirmations/"
                                    + waiting.<String>path("confirmationId")),
                    400,
                    "wrong-code");
        }
        for (var body : new String[] {"{}", "{\"feature\":\"telepathy\"}", "{\"feature\":"}) {
            given().contentType(ContentType.JSON)
                    .body(body)
                    .post(path + "/withdrawals")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
    }

    @Test
    void other_media_types_are_refused() {
        problem(given().contentType("text/plain").body("hello").post("/v1/accounts"), 415, "unsupported-media-type");
    }

    @Test
    void expired_foreign_and_missing_tokens_are_refused_on_every_route_of_an_account() {
        var foreign = TestTokens.owner(AccountId.create());
        for (var path : new String[] {"/v1/me", "/v1/me/devices", "/v1/me/consents", "/v1/me/residency"}) {
            problem(given().get(path), 401, "unauthorized");
            problem(given().auth().oauth2(foreign).get(path), 401, "unauthorized");
            problem(given().auth().oauth2("rubbish").get(path), 401, "unauthorized");
        }
    }

    @Test
    void a_header_beyond_the_limit_is_refused() {
        given().header("Accept-Language", "x".repeat(20_000))
                .get("/v1/regions")
                .then()
                .statusCode(431);
    }

    @Test
    void an_operator_is_not_an_owner() {
        var operator = Person.trySignIn("operator", "operator-password-1")
                .then()
                .statusCode(200)
                .extract()
                .<String>path("access_token");

        problem(Person.with(operator).get("/v1/me"), 403, "forbidden");
    }

    @Test
    void bad_changes_of_an_account_are_refused() {
        var token = Person.signedUp().token();

        problem(Person.with(token).body("{\"market\":\"CN\"}").patch("/v1/me"), 400, "unknown-field");
        problem(Person.with(token).body("{\"email\":\"nobody\"}").patch("/v1/me"), 400, "invalid-identifier");
        problem(Person.with(token).body("{\"phone\":\"12\"}").patch("/v1/me"), 400, "invalid-identifier");
        problem(Person.with(token).body("{\"ageBand\":\"old\"}").patch("/v1/me"), 400, "invalid-request");
        problem(Person.with(token).body("{\"ageBand\":\"minor\"}").patch("/v1/me"), 400, "invalid-request");
        for (var code : new String[] {"\"12\"", "null", "\"abcdef\""}) {
            problem(
                    Person.with(token)
                            .body("{\"code\":" + code + "}")
                            .post("/v1/me/confirmations/00000000-0000-4000-8000-000000000000"),
                    400,
                    "wrong-code");
        }
        problem(Person.with(token).body("{\"code\":\"123456\"}").post("/v1/me/confirmations/x"), 404, "not-found");
        problem(Person.with(token).get("/v1/me/guardian"), 404, "not-found");
        problem(Person.with(token).body("{\"displayName\":\"\"}").patch("/v1/me"), 400, "invalid-request");
        problem(Person.with(token).body("{\"name\":\"x\"}").post("/v1/me/devices"), 400, "invalid-request");
        problem(Person.with(token).delete("/v1/me/devices/..%2f..%2fx"), 404, "not-found");
        problem(
                Person.with(token)
                        .body("{\"granted\":true,\"policyVersion\":\"2026-01\"}")
                        .put("/v1/me/consents/telepathy"),
                404,
                "not-found");
        problem(
                Person.with(token).body("{\"policyVersion\":\"2026-01\"}").put("/v1/me/consents/backup"),
                400,
                "invalid-request");
        problem(
                Person.with(token)
                        .body("{\"granted\":true,\"policyVersion\":\"a b\"}")
                        .put("/v1/me/consents/backup"),
                400,
                "invalid-request");
        Person.with(token).get("/v1/me/consents").then().body("ledger.size()", equalTo(0));
    }

    private static void problem(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("https://domicile.dev/errors/" + code))
                .body("detail", notNullValue());
    }

    private long registrations() {
        return pool.query("select count(*) as count from registration")
                .executeAndAwait()
                .iterator()
                .next()
                .getLong("count");
    }
}
