package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.CLOSED;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way back: this region is the new home, and the old one is played by the test. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class RollbackIT {
    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    private final UUID id = UUID.randomUUID();
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
    void a_rollback_of_a_fed_account_hands_the_baton_back() throws Exception {
        soaking("SG");
        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.there(SHADOW, 5, null);

        var rollback = rollback();

        scene.awaitOrderedThere(FenceOperation.FEED, 6);
        assertTrue(scene.orderedHere(FenceOperation.FREEZE, 7).isEmpty(), "the old home looks first what was written");
        scene.there(SHADOW, 6, null);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 7);
        assertEquals("ROLLING_BACK", scene.get(id.toString()).getString("state"));
        assertEquals(id.toString(), scene.get(rollback).getString("rollbackOf"));
        scene.here(FROZEN, 7, "new");
        var closes = scene.awaitOrderedThere(FenceOperation.CLOSE, 7);
        closes.forEach(close -> assertEquals(6, close.shadowEpoch()));
        scene.there(CLOSED, 7, "new");
        await("baton", () -> !scene.batonsThere().isEmpty());
        assertEquals(8, scene.batonsThere().getFirst().getLong("epoch"));
        scene.awaitOrderedHere(FenceOperation.KEEP, 8);
        scene.awaitState(id.toString(), "ROLLED_BACK");
        assertTrue(scene.get(id.toString()).getBoolean("settled"));
    }

    @Test
    void that_the_other_region_took_the_baton_may_be_said_when_the_account_is_back_already() throws Exception {
        scene.opened("SG");
        var answer = peer.hold("batons");
        var move = scene.move();
        scene.fencedAndClosed();
        await("baton", () -> !scene.batonsThere().isEmpty());
        scene.back(
                new JsonObject().put("rollbackId", UUID.randomUUID().toString()).put("moveId", move));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 7);

        answer.run();

        await("the answer is taken", () -> deliveries(scene.account) == 0);
        assertEquals("ROLLED_BACK", scene.get(move).getString("state"));
        assertEquals(
                List.of(1L, 7L),
                scene.directory().stream().map(row -> row.getLong("epoch")).toList());
    }

    @Test
    void without_a_basis_nothing_crosses_before_a_rollback_is_ordered() throws Exception {
        soaking(MigrationResource.ONE_WAY_MARKET);
        hold().statusCode(200).body("state", equalTo("HELD"));
        assertTrue(scene.orderedThere(FenceOperation.FEED, 5).isEmpty());
        post("rollback").statusCode(409);
        release();

        var rollback = rollback();

        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.awaitState(rollback, "COPYING");
        post(rollback, "abort").statusCode(200).body("state", equalTo("ABORTED"));
        scene.awaitOrderedThere(FenceOperation.KEEP, 6);
        scene.awaitState(id.toString(), "SOAK");
        scene.endSoak(pool, id);
        scene.awaitOrderedThere(FenceOperation.KEEP, 7)
                .forEach(keep -> assertEquals(Scene.manifest("abc"), keep.manifest(), "what was sealed is compared"));
        scene.there(SHADOW, 7, null);
        scene.awaitOrderedThere(FenceOperation.PURGE, 8);
    }

    @Test
    void a_rollback_that_fails_keeps_the_old_homes_copy_and_soaks_again() throws Exception {
        soaking("SG");
        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.there(SHADOW, 5, null);
        var rollback = rollback();
        scene.checkedThere(FenceOperation.FEED, 6);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 7);
        scene.here(FROZEN, 7, "new");
        scene.awaitOrderedThere(FenceOperation.CLOSE, 7);

        scene.there(CLOSED, 7, "old");

        scene.awaitState(rollback, "QUARANTINED");
        assertEquals(
                "Both have 2 records, but at least one has another content or version.",
                scene.get(rollback).getString("differences.find { it.service == 'backup' }.says"));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 8);
        scene.awaitOrderedThere(FenceOperation.FEED, 8);
        assertTrue(scene.orderedThere(FenceOperation.PURGE, 8).isEmpty(), "the copy is kept");
        scene.here(OWN, 8, null);
        await("the rollback is settled", () -> scene.get(rollback).getBoolean("settled"));
        scene.awaitState(id.toString(), "SOAK");
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.FEED, 9);
        scene.awaitOrderedThere(FenceOperation.PURGE, 10);
        scene.there(NONE, 10, null);
        scene.awaitState(id.toString(), "ATTESTED");
    }

    @Test
    void a_hold_keeps_the_old_copy_until_it_is_released() throws Exception {
        soaking("SG");
        hold().statusCode(200).header("Domicile-Epoch", nullValue()).body("epoch", equalTo(5));
        given().auth()
                .oauth2(TestTokens.owner(scene.account))
                .get("/v1/moves/" + id)
                .then()
                .statusCode(200)
                .header("Domicile-Epoch", equalTo("4"))
                .body("epoch", equalTo(5))
                .body("reached", nullValue());
        hold().statusCode(409);
        given().auth()
                .oauth2(TestTokens.owner(scene.account))
                .post("/v1/moves/" + id + "/release")
                .then()
                .statusCode(403);

        release();
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.FEED, 6);

        scene.awaitOrderedThere(FenceOperation.PURGE, 7);
        post("rollback").statusCode(409);
    }

    @Test
    void a_copy_that_differs_is_not_purged_and_the_move_names_the_records() throws Exception {
        soaking("SG");
        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.endSoak(pool, id);
        scene.awaitOrderedThere(FenceOperation.FEED, 6);

        scene.there(scene.contradicted(Scene.THERE, "backup", 6));

        scene.awaitState(id.toString(), "HELD");
        var view = scene.get(id.toString());
        assertTrue(view.getString("reason").contains("1 of backups, such as [\"b1\"]"), view.prettify());
        assertEquals(
                "[\"b1\"]",
                view.getString("services.find { it.service == 'backup' }.differing.classes.backups.sample[0].key"));
        assertTrue(scene.orderedThere(FenceOperation.PURGE, 7).isEmpty(), "the old home still has everything");
        release();
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.FEED, 7);
        scene.awaitOrderedThere(FenceOperation.PURGE, 8);
    }

    @Test
    void the_old_home_asks_for_its_account_and_is_told_where_the_rollback_stands() throws Exception {
        soaking(MigrationResource.ONE_WAY_MARKET);
        var rollback = UUID.randomUUID();
        assertTrue(peer.askForRollbacks(listener.port(), asked(rollback, new Scene(topics, peer, listener.port())))
                .isEmpty());

        assertEquals("UNDER_WAY", outcome(rollback));

        var feeds = scene.awaitOrderedThere(FenceOperation.FEED, 5);
        feeds.forEach(feed -> assertEquals(7, feed.pace().recordsPerSecond()));
        scene.awaitState(rollback.toString(), "COPYING");
        assertEquals("UNDER_WAY", outcome(rollback));
        post(rollback.toString(), "abort").statusCode(200);
        assertEquals("FAILED", outcome(rollback));
        scene.awaitState(id.toString(), "SOAK");
        hold().statusCode(200);
        assertEquals("FAILED", outcome(UUID.randomUUID()), "a legal hold");
        release();
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.KEEP, 7);
        scene.awaitOrderedThere(FenceOperation.PURGE, 8);
        assertEquals("TOO_LATE", outcome(UUID.randomUUID()));
    }

    private long deliveries(AccountId account) {
        return pool.preparedQuery("select count(*) from delivery where account_id = $1 and kind = 'batons'")
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private String outcome(UUID rollback) throws Exception {
        return peer.askForRollbacks(listener.port(), asked(rollback, scene))
                .getJsonObject(0)
                .getString("outcome");
    }

    private JsonArray asked(UUID rollback, Scene whose) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("accountId", whose.account.toString())
                        .put("moveId", id.toString())
                        .put("rollbackId", rollback.toString())
                        .put("pace", new JsonObject().put("recordsPerSecond", 7)));
    }

    private void soaking(String market) throws Exception {
        scene.order(FenceOperation.SHADOW, 2);
        assertEquals(200, scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(id, 4, market))))));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.here(OWN, 4, null);
        scene.awaitState(id.toString(), "SOAK");
    }

    private String rollback() {
        return post("rollback").statusCode(202).extract().path("id");
    }

    private ValidatableResponse hold() {
        return given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body("{\"reason\":\"court order 7\"}")
                .post("/v1/moves/" + id + "/hold")
                .then();
    }

    private void release() {
        post("release").statusCode(200).body("state", equalTo("SOAK"));
    }

    private ValidatableResponse post(String action) {
        return post(id.toString(), action);
    }

    private static ValidatableResponse post(String move, String action) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .post("/v1/moves/" + move + "/" + action)
                .then();
    }
}
