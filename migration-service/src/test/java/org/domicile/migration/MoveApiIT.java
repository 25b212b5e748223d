package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the move API answers before a move exists. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class MoveApiIT {
    @Inject
    PeerServer listener;

    private RegionTopics topics;
    private PeerRegion peer;
    private Scene scene;

    @BeforeEach
    void open() throws Exception {
        topics = new RegionTopics();
        peer = new PeerRegion();
        scene = new Scene(topics, peer, listener.port());
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        topics.close();
    }

    @Test
    void a_move_without_a_held_basis_is_refused_with_the_classes() {
        scene.opened("CN");

        begin(Scene.THERE)
                .then()
                .statusCode(409)
                .contentType(containsString("application/problem+json"))
                .body("type", endsWith("/no-transfer-basis"))
                .body("notCovered", hasItems("profile", "credentials", "backups", "messages"));
    }

    @Test
    void a_dry_run_writes_nothing() {
        scene.opened("IN");

        given().auth()
                .oauth2(TestTokens.owner(scene.account))
                .contentType("application/json")
                .body(Map.of("accountId", scene.account.toString(), "to", Scene.THERE, "dryRun", true))
                .post("/v1/moves")
                .then()
                .statusCode(200)
                .body("verdict.covered.size()", equalTo(7));

        given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/moves?account=" + scene.account)
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
    }

    @Test
    void only_an_operator_or_the_owner_may_move_an_account() {
        scene.opened("SG");
        given().contentType("application/json")
                .body("{}")
                .post("/v1/moves")
                .then()
                .statusCode(401);
        given().auth()
                .oauth2(TestTokens.owner(AccountId.create()))
                .contentType("application/json")
                .body(Map.of("accountId", scene.account.toString(), "to", Scene.THERE))
                .post("/v1/moves")
                .then()
                .statusCode(403);
    }

    @Test
    void requests_that_make_no_sense_are_answered_with_a_problem() {
        scene.opened("SG");
        begin("nowhere").then().statusCode(400).body("type", endsWith("/invalid-request"));
        begin(Scene.HERE).then().statusCode(409);
        operator("{\"accountId\":\"" + AccountId.create() + "\",\"to\":\"" + Scene.THERE + "\"}")
                .then()
                .statusCode(404);
        operator("{\"accountId\":\"x\"}").then().statusCode(400);
        operator("{\"accountId\":\"" + scene.account + "\",\"speed\":1}").then().statusCode(400);
        operator("{").then().statusCode(400);
        operator("{}").then().statusCode(400);
        given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/moves/nothing")
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/receipts/" + AccountId.create())
                .then()
                .statusCode(404);
        assertNull(scene.events().stream().findAny().orElse(null));
    }

    private io.restassured.response.Response begin(String to) {
        return operator("{\"accountId\":\"" + scene.account + "\",\"to\":\"" + to + "\"}");
    }

    private static io.restassured.response.Response operator(String body) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(body)
                .post("/v1/moves");
    }
}
