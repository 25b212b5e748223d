package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rule 13: an erasure out of every state of a move, done only when every service of both regions has looked. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class ErasureIT {
    private static final List<String> TABLES = List.of(
            "directory", "directory_log", "move", "move_step", "ack", "command", "delivery", "receipt", "residency");

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
    void an_account_at_rest_is_erased_in_both_regions_and_forgotten() throws Exception {
        scene.opened("SG");
        var id = UUID.randomUUID();

        scene.orderErasure(id);
        scene.orderErasure(id);
        purgedEverywhere(2);

        var entries = scene.erasures();
        assertEquals(
                List.of(State.ORDERED, State.ERASED),
                entries.stream().map(e -> e.state()).toList());
        assertTrue(entries.stream().allMatch(e -> e.erasureId().equals(id) && e.epoch() == 2));
        await("deleted from the directory", () -> topics.deleted().contains(scene.account.toString()));
        assertEquals(List.of(), naming());

        scene.here(scene.ack(Scene.HERE, "backup", NONE, 2, true, null));
        topics.publish(
                Topics.ACCOUNT_EVENTS,
                "account",
                Topics.ACCOUNT_OPENED,
                scene.account.toString(),
                new JsonObject()
                        .put("accountId", scene.account.toString())
                        .put("home", Scene.HERE)
                        .put("market", "SG"));
        assertEquals(200, scene.order(FenceOperation.SHADOW, 9), "a late command is acknowledged and changes nothing");
        new Scene(topics, peer, listener.port()).opened("SG");
        assertEquals(List.of(), naming(), "late and repeated, nothing revives it");
    }

    @Test
    void an_erasure_ends_a_copy() throws Exception {
        scene.opened("SG");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);

        scene.orderErasure(UUID.randomUUID());
        scene.awaitState(move, "ERASING");

        purgedEverywhere(3);
        assertTrue(scene.orderedHere(FenceOperation.FREEZE, 3).isEmpty());
    }

    @Test
    void an_erasure_ends_a_fence() throws Exception {
        scene.opened("SG");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        scene.there(SHADOW, 2, null);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 3);
        scene.here(scene.ack(Scene.HERE, "account", FROZEN, 3, true, "abc"));

        scene.orderErasure(UUID.randomUUID());
        scene.awaitState(move, "ERASING");

        purgedEverywhere(4);
    }

    @Test
    void an_erasure_ends_the_soak_at_the_new_home() throws Exception {
        var move = UUID.randomUUID();
        scene.order(FenceOperation.SHADOW, 2);
        assertEquals(200, scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(move, 4))))));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.here(scene.ack(Scene.HERE, "account", OWN, 4, true, null));

        scene.orderErasure(UUID.randomUUID());
        scene.awaitState(move.toString(), "ERASING");

        purgedEverywhere(5);
    }

    @Test
    void an_erasure_waits_for_a_hold_and_goes_on_after_it() throws Exception {
        var move = UUID.randomUUID();
        scene.order(FenceOperation.SHADOW, 2);
        scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(move, 4)))));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.here(OWN, 4, null);
        scene.awaitState(move.toString(), "SOAK");
        asOperator(move, "hold", "{\"reason\":\"court order 7\"}");
        var id = UUID.randomUUID();

        scene.orderErasure(id);

        await("told", () -> delays(id).size() == 1);
        assertEquals(
                Set.of("accountId", "erasureId", "at"), delays(id).getFirst().fieldNames());
        scene.orderErasure(id);
        await("told again", () -> delays(id).size() == 2);
        assertEquals(List.of(), scene.erasures());
        scene.awaitState(move.toString(), "HELD");

        asOperator(move, "release", "{}");
        scene.orderErasure(id);

        scene.awaitState(move.toString(), "ERASING");
        assertEquals(2, delays(id).size());
        assertEquals(id, scene.erasures().getFirst().erasureId());
    }

    private List<JsonObject> delays(UUID erasure) {
        return scene.heard(Topics.MIGRATION_EVENTS)
                .filter(event -> erasure.toString().equals(event.getString("erasureId")))
                .toList();
    }

    private static void asOperator(UUID move, String action, String body) {
        given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(body)
                .post("/v1/moves/" + move + "/" + action)
                .then()
                .statusCode(200);
    }

    @Test
    void the_old_home_forgets_what_its_new_home_has_erased_and_believes_nobody_else() throws Exception {
        scene.opened("SG");
        scene.erasedThere(2);
        scene.move();
        scene.moved();

        scene.erasedThere(5);

        await("forgotten", () -> naming().isEmpty());
        await("deleted from the directory", () -> topics.deleted().contains(scene.account.toString()));
    }

    @Test
    void a_region_that_is_not_home_erases_nothing() throws Exception {
        scene.order(FenceOperation.SHADOW, 2);
        scene.awaitOrderedHere(FenceOperation.SHADOW, 2);
        var other = new Scene(topics, peer, listener.port());
        other.opened("SG");

        scene.orderErasure(UUID.randomUUID());
        other.orderErasure(UUID.randomUUID());
        other.awaitOrderedHere(FenceOperation.PURGE, 2);

        assertEquals(List.of(), scene.erasures());
        assertEquals(List.of(), scene.orderedHere(FenceOperation.PURGE, 3));
    }

    private void purgedEverywhere(long epoch) throws Exception {
        scene.awaitOrderedHere(FenceOperation.PURGE, epoch);
        assertEquals(3, scene.awaitOrderedThere(FenceOperation.PURGE, epoch).size());
        scene.here(NONE, epoch, null);
        scene.there(scene.ack(Scene.THERE, "account", NONE, epoch, true, null));
        scene.there(scene.ack(Scene.THERE, "backup", NONE, epoch, true, null));
        assertEquals(State.ORDERED, scene.erasures().getLast().state(), "one has not looked yet");
        scene.there(scene.ack(Scene.THERE, "messaging", NONE, epoch, true, null));
        await("erased", () -> scene.erasures().getLast().state() == State.ERASED);
    }

    private List<String> naming() {
        return TABLES.stream()
                .filter(table -> pool.preparedQuery("select from " + table + " where account_id = $1")
                                .execute(Tuple.of(scene.account.value()))
                                .await()
                                .indefinitely()
                                .size()
                        > 0)
                .toList();
    }
}
