package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.CLOSED;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This region is home and coordinates: from the request to the baton, and every way in which a move can end before it. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class SourceMoveIT {
    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

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
    void a_move_goes_from_the_request_to_the_baton() throws Exception {
        scene.opened("SG");
        var move = scene.move();
        assertEquals(move, scene.move(), "the same request gives the same move");
        for (var shadow : scene.awaitOrderedThere(FenceOperation.SHADOW, 2)) {
            assertEquals(List.of("CN", "SG"), shadow.laws(), "of the market and of both ends");
        }
        for (var service : Scene.SERVICES) {
            scene.there(scene.ack(Scene.THERE, service, SHADOW, 2, false, null));
        }
        scene.awaitState(move, "CATCHING_UP");

        scene.there(SHADOW, 2, null);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 3);
        scene.here(FROZEN, 3, "abc");
        var closes = scene.awaitOrderedThere(FenceOperation.CLOSE, 3);
        for (var close : closes) {
            assertEquals(Scene.manifest("abc"), close.manifest());
            assertEquals(
                    close.service().equals("account") ? null : Map.of("consent", 4L, "device", 2L),
                    close.projections());
        }
        scene.there(CLOSED, 3, "abc");

        await("baton", () -> !scene.batonsThere().isEmpty());
        var baton = scene.batonsThere().getFirst();
        assertEquals(4, baton.getLong("epoch"));
        assertEquals(Scene.THERE, baton.getString("to"));
        scene.awaitOrderedHere(FenceOperation.KEEP, 4);
        await("the new home in the directory", () -> scene.directory().stream()
                .anyMatch(row -> row.getString("home").equals(Scene.THERE) && row.getLong("epoch") == 4));
        given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/moves/" + move)
                .then()
                .statusCode(421)
                .body("homeRegion", equalTo(Scene.THERE))
                .body("location", endsWith("migration"));
        assertEquals(
                List.of(
                        "PLANNED",
                        "PREFLIGHT",
                        "COPYING",
                        "CATCHING_UP",
                        "READY",
                        "FENCING",
                        "SEALED",
                        "VERIFIED",
                        "CUT_OVER"),
                scene.events());
    }

    @Test
    void participants_bring_what_writes_wait_for_themselves() throws Exception {
        scene.opened("SG");
        fenced();
        scene.here(FROZEN, 3, "abc");
        var backup = scene.ack(Scene.THERE, "backup", CLOSED, 3, true, "abc");
        assertEquals(403, scene.reported(backup, "ap-southeast.messaging"), "for another");
        assertEquals(403, scene.reported(scene.ack(Scene.HERE, "backup", FROZEN, 3, true, "x"), "ap-southeast.backup"));

        for (var service : Scene.SERVICES) {
            var ack = scene.ack(Scene.THERE, service, CLOSED, 3, true, "abc");
            assertEquals(200, scene.reported(ack, "ap-southeast." + service));
            assertEquals(200, scene.reported(ack, "ap-southeast." + service), "again");
        }

        await("baton", () -> !scene.batonsThere().isEmpty());
        assertEquals(4, scene.batonsThere().getFirst().getLong("epoch"));
    }

    @Test
    void differing_digests_quarantine_the_move_and_thaw_the_source() throws Exception {
        scene.opened("SG");
        var move = fenced();
        scene.here(FROZEN, 3, "abc");
        scene.awaitOrderedThere(FenceOperation.CLOSE, 3);

        scene.there(CLOSED, 3, "xyz");

        scene.awaitState(move, "QUARANTINED");
        assertTrue(scene.get(move).getString("reason").contains("backup/things"));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        for (var purge : scene.awaitOrderedThere(FenceOperation.PURGE, 4)) {
            assertEquals(List.of(), purge.laws(), "the account is at one place again");
        }
        begin().then().statusCode(409).body("moveId", equalTo(move));
        scene.here(OWN, 4, null);
        scene.there(NONE, 4, null);
        await("settled", () -> scene.get(move).getBoolean("settled"));
        assertEquals(1, scene.get(move).getList("receipts").size());
        begin().then().statusCode(202);
        scene.awaitOrderedThere(FenceOperation.SHADOW, 5);
    }

    @Test
    void orders_that_nobody_answers_are_given_again() throws Exception {
        scene.opened("SG");
        var move = fenced();
        scene.awaitState(move, "ABORTED");
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.here(scene.ack(Scene.HERE, "account", OWN, 4, true, null));

        await("the others are ordered again", () -> again("backup") && again("messaging"));

        scene.there(NONE, 4, null);
        scene.here(OWN, 4, null);
        await("settled", () -> scene.get(move).getBoolean("settled"));
        assertEquals(1, ordered("account"), "it had answered");
    }

    private boolean again(String service) {
        return ordered(service) > 1
                && scene.orderedThere(FenceOperation.PURGE, 4).stream()
                                .filter(command -> command.service().equals(service))
                                .count()
                        > 1;
    }

    private long ordered(String service) {
        return scene.orderedHere(FenceOperation.ACTIVATE, 4).stream()
                .filter(command -> command.service().equals(service))
                .count();
    }

    @Test
    void a_fence_past_its_deadline_aborts() throws Exception {
        scene.opened("SG");
        var move = fenced();
        scene.here(scene.ack(Scene.HERE, "account", FROZEN, 3, true, "abc"));

        scene.awaitState(move, "ABORTED");

        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.awaitOrderedThere(FenceOperation.PURGE, 4);
        assertTrue(scene.orderedThere(FenceOperation.CLOSE, 3).isEmpty());
    }

    @Test
    void a_fence_past_its_deadline_waits_for_no_soak_that_cannot_end() throws Exception {
        pool.query("insert into move (account_id, id, source, target, state, shadow_epoch, fence_epoch, home_epoch,"
                        + " end_epoch, deadline, settled, requested_by, created_at) select gen_random_uuid(),"
                        + " gen_random_uuid(), '" + Scene.THERE + "', '" + Scene.HERE + "', 'SOAK', 2, 3, 4, 0,"
                        + " timestamptz '2001-01-01', false, 'too early', now() from generate_series(1, 250)")
                .execute()
                .await()
                .indefinitely();
        try {
            scene.opened("SG");
            var move = fenced();

            scene.awaitState(move, "ABORTED");

            scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        } finally {
            pool.query("delete from move where requested_by = 'too early'")
                    .execute()
                    .await()
                    .indefinitely();
        }
    }

    @Test
    void a_copy_in_trouble_pauses_and_can_be_aborted() throws Exception {
        scene.opened("SG");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        var ack = scene.ack(Scene.THERE, "backup", SHADOW, 2, false, null);
        scene.there(new FenceAck(
                ack.accountId(),
                ack.service(),
                ack.region(),
                2,
                SHADOW,
                false,
                ack.at(),
                null,
                ack.progress(),
                null,
                "the object store is full"));
        scene.awaitState(move, "PAUSED");
        assertEquals(
                "backup in ap-southeast: the object store is full",
                scene.get(move).getString("reason"));

        given().auth()
                .oauth2(TestTokens.owner(scene.account))
                .post("/v1/moves/" + move + "/abort")
                .then()
                .statusCode(200)
                .body("state", equalTo("ABORTED"))
                .body("reason", equalTo("aborted by owner"));

        scene.awaitOrderedThere(FenceOperation.PURGE, 3);
        given().auth()
                .oauth2(TestTokens.operator())
                .post("/v1/moves/" + move + "/abort")
                .then()
                .statusCode(409);
    }

    @Test
    void a_region_that_does_not_answer_gets_its_commands_until_it_does() throws Exception {
        scene.opened("SG");
        peer.refuse(3);

        scene.move();

        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
    }

    @Test
    void preflight_fails_when_a_participant_never_owned_the_account() {
        topics.publish(
                "account.events",
                "account",
                "org.domicile.account.opened.v1",
                scene.account.toString(),
                new io.vertx.core.json.JsonObject()
                        .put("accountId", scene.account.toString())
                        .put("home", Scene.HERE)
                        .put("market", "SG"));
        await("directory row", () -> scene.directory().size() == 1);
        var move = scene.move();

        scene.awaitState(move, "ABORTED");

        assertTrue(scene.get(move).getString("reason").startsWith("preflight: account, backup, messaging"));
        assertTrue(scene.get(move).getBoolean("settled"));
    }

    private String fenced() throws Exception {
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        scene.there(SHADOW, 2, null);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 3);
        return move;
    }

    private io.restassured.response.Response begin() {
        return given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(Map.of("accountId", scene.account.toString(), "to", Scene.THERE))
                .post("/v1/moves");
    }
}
