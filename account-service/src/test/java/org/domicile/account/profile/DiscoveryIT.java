package org.domicile.account.profile;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.OtherRegion;
import org.domicile.account.testing.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new phone asks where its owner's account lives: the regions of the market are asked, all of them, and no others. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class DiscoveryIT {
    private OtherRegion other;

    @BeforeEach
    void listen() {
        other = new OtherRegion();
    }

    @AfterEach
    void hangUp() {
        other.close();
    }

    @Test
    void the_regions_of_a_market_are_asked_whether_the_identifier_is_known_here_or_nowhere() {
        var known = Person.signedUp().email();
        var unknown = Person.newEmail();
        for (var email : new String[] {known, unknown}) {
            discover("SG", email).statusCode(200).body("homeRegion", equalTo("cn-north"));
            assertEquals(List.of(email), other.asked());
        }
    }

    @Test
    void an_account_is_found_where_it_lives() {
        other.answers(200);
        discover("SG", Person.newEmail())
                .statusCode(200)
                .body("homeRegion", equalTo("ap-southeast"))
                .body("location", notNullValue());
    }

    @Test
    void a_region_that_the_market_does_not_allow_is_not_asked() {
        discover("CN", Person.newEmail()).statusCode(200).body("homeRegion", equalTo("cn-north"));
        assertEquals(List.of(), other.asked());
    }

    @Test
    void a_region_that_does_not_say_makes_nobody_unknown() {
        var known = Person.signedUp().email();
        for (var status : new int[] {503, 429, 403, OtherRegion.SILENCE}) {
            other.answers(status);
            for (var email : new String[] {known, Person.newEmail()}) {
                unavailable(email);
            }
        }
        other.close();
        for (var email : new String[] {known, Person.newEmail()}) {
            unavailable(email);
        }
    }

    @Test
    void only_account_services_of_listed_regions_may_ask_and_are_told_yes_or_no() {
        var known = Person.signedUp().email();
        assertEquals(200, OtherRegion.asks("ap-southeast.account", known));
        assertEquals(404, OtherRegion.asks("ap-southeast.account", Person.newEmail()));
        assertEquals(403, OtherRegion.asks("ap-southeast.messaging", known));
        assertEquals(403, OtherRegion.asks("atlantis.account", known));
        assertTrue(
                IntStream.range(0, 100)
                        .map(question -> OtherRegion.asks("ap-southeast.account", known))
                        .anyMatch(status -> status == 429),
                "a region can ask for as many as it likes");
    }

    @Test
    void a_question_that_names_nobody_is_told_so() {
        discover("XX", Person.newEmail()).statusCode(400).body("type", equalTo(type("unknown-market")));
        discover("SG", "nobody").statusCode(400).body("type", equalTo(type("invalid-identifier")));
        given().contentType(ContentType.JSON)
                .body("{\"market\":\"SG\",\"email\":")
                .post("/v1/discover")
                .then()
                .statusCode(400)
                .body("type", equalTo(type("malformed-body")));
        assertEquals(List.of(), other.asked());
    }

    private static void unavailable(String email) {
        discover("SG", email)
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .body("type", equalTo(type("unavailable")))
                .body(
                        "detail",
                        equalTo("A region where the account may live does not answer: try again in a few seconds."));
    }

    private static String type(String code) {
        return "https://domicile.dev/errors/" + code;
    }

    private static ValidatableResponse discover(String market, String email) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("market", market, "email", email))
                .post("/v1/discover")
                .then();
    }
}
