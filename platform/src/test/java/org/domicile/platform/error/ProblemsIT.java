package org.domicile.platform.error;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class ProblemsIT {
    @Inject
    NoteApplication application;

    @Test
    void an_unknown_field_is_named() {
        problem(post("{\"id\":\"a\",\"colour\":\"red\"}"), 400, "unknown-field");
    }

    @Test
    void a_body_that_is_no_json_is_malformed() {
        problem(post("{\"id\":"), 400, "malformed-body");
    }

    @Test
    void a_field_of_the_wrong_type_is_invalid() {
        problem(post("{\"id\":\"a\",\"pages\":\"many\"}"), 400, "invalid-request");
    }

    @Test
    void a_blank_field_is_invalid() {
        problem(post("{\"id\":\" \"}"), 400, "invalid-request");
    }

    @Test
    void an_account_that_is_not_here_yet_is_told_when_to_come_back() {
        problem(post("{\"id\":\"a\"}"), 503, "unavailable");
    }

    @Test
    void an_unknown_address_is_not_found() {
        problem(given().get("/nothing/here"), 404, "not-found");
    }

    @Test
    void another_method_is_not_allowed() {
        problem(given().delete("/notes/x"), 405, "method-not-allowed");
    }

    @Test
    void another_media_type_is_not_supported() {
        problem(given().contentType(ContentType.XML).body("<a/>").post("/notes/x"), 415, "unsupported-media-type");
    }

    @Test
    void another_representation_is_not_acceptable() {
        problem(given().accept(ContentType.XML).get("/notes/x/broken"), 406, "not-acceptable");
    }

    @Test
    void a_defect_says_nothing_about_itself() {
        problem(given().get("/notes/x/broken"), 500, "internal");
    }

    @Test
    void nobody_and_a_forged_token_are_asked_to_sign_in() {
        problem(given().get("/notes/x/secret"), 401, "unauthorized");
        problem(given().auth().oauth2("a.b.c").get("/notes/x/secret"), 401, "unauthorized");
    }

    @Test
    void an_owner_is_no_operator() {
        problem(given().auth().oauth2(TestTokens.owner(AccountId.create())).get("/notes/x/secret"), 403, "forbidden");
        given().auth()
                .oauth2(TestTokens.operator())
                .get("/notes/x/secret")
                .then()
                .statusCode(200);
    }

    @Test
    void a_good_request_is_answered() {
        var account = application.opened();
        given().contentType(ContentType.JSON)
                .body("{\"id\":\"a\"}")
                .post("/notes/" + account)
                .then()
                .statusCode(200);
    }

    private static Response post(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/notes/" + AccountId.create());
    }

    private static void problem(Response response, int status, String code) {
        response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", endsWith("/" + code))
                .body("status", org.hamcrest.Matchers.equalTo(status));
    }
}
