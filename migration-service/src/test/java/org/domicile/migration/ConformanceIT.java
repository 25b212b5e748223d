package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.CLOSED;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.migration.spec.TraceCheck;
import org.domicile.migration.spec.TraceCheck.Row;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the directory of a running service went through is a behaviour of AccountMove.tla. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class ConformanceIT {
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
    void a_move_that_was_quarantined_and_repeated() throws Exception {
        scene.opened("SG");
        var first = scene.move();
        close(2, 3, "xyz");
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.here(OWN, 4, null);
        scene.there(NONE, 4, null);
        await("settled", () -> scene.get(first).getBoolean("settled"));
        scene.move();
        close(5, 6, "abc");
        await("baton", () -> !scene.batonsThere().isEmpty());

        var rows = logged(Scene.HERE);
        assertEquals(
                List.of(
                        "IDLE",
                        "COPYING",
                        "FENCING",
                        "SEALED",
                        "PURGING",
                        "IDLE",
                        "COPYING",
                        "FENCING",
                        "SEALED",
                        "VERIFIED",
                        "AWAY"),
                rows.stream().map(Row::state).toList());
        assertTrue(TraceCheck.isAllowed("S", rows), rows.toString());

        var forged = new ArrayList<>(rows);
        forged.remove(8);
        assertFalse(TraceCheck.isAllowed("S", forged), "a move that was never sealed is not a behaviour of the model");
    }

    @Test
    void a_rollback_that_was_aborted_and_repeated() throws Exception {
        arrived();
        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.there(SHADOW, 5, null);
        var first = rollback();
        scene.checkedThere(FenceOperation.FEED, 6);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 7);
        scene.here(FROZEN, 7, "new");
        scene.awaitOrderedThere(FenceOperation.CLOSE, 7);
        scene.there(CLOSED, 7, "old");
        scene.awaitOrderedThere(FenceOperation.FEED, 8);
        scene.here(OWN, 8, null);
        await("settled", () -> scene.get(first).getBoolean("settled"));
        scene.there(SHADOW, 8, null);
        rollback();
        scene.checkedThere(FenceOperation.FEED, 9);
        scene.awaitOrderedHere(FenceOperation.FREEZE, 10);
        scene.here(FROZEN, 10, "new");
        scene.awaitOrderedThere(FenceOperation.CLOSE, 10);
        scene.there(CLOSED, 10, "new");
        await("baton", () -> !scene.batonsThere().isEmpty());

        allowed(
                "AWAY",
                "SOAK",
                "SOAK",
                "SOAK",
                "FENCING",
                "SEALED",
                "SOAK",
                "SOAK",
                "FENCING",
                "SEALED",
                "VERIFIED",
                "AWAY");
    }

    @Test
    void a_soak_that_ends() throws Exception {
        arrived();
        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.FEED, 6);
        scene.awaitOrderedThere(FenceOperation.PURGE, 7);
        scene.there(NONE, 7, null);
        scene.awaitState(id.toString(), "ATTESTED");

        allowed("AWAY", "SOAK", "SOAK", "SOAK", "PURGING", "IDLE");
    }

    private void allowed(String... states) throws Exception {
        var rows = logged(Scene.THERE);
        assertEquals(List.of(states), rows.stream().map(Row::state).toList());
        assertTrue(TraceCheck.isAllowed("T", rows), rows.toString());
    }

    private void close(long shadow, long fence, String content) throws Exception {
        scene.awaitOrderedThere(FenceOperation.SHADOW, shadow);
        scene.there(SHADOW, shadow, null);
        scene.awaitOrderedHere(FenceOperation.FREEZE, fence);
        scene.here(FROZEN, fence, "abc");
        scene.awaitOrderedThere(FenceOperation.CLOSE, fence);
        scene.there(CLOSED, fence, content);
    }

    private void arrived() throws Exception {
        scene.order(FenceOperation.SHADOW, 2);
        scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(id, 4)))));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        scene.here(OWN, 4, null);
        scene.awaitState(id.toString(), "SOAK");
    }

    private String rollback() {
        return given().auth()
                .oauth2(TestTokens.operator())
                .post("/v1/moves/" + id + "/rollback")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    /** @param opened the region that the model calls S */
    private List<Row> logged(String opened) {
        return pool.preparedQuery("select home, epoch, state, shadow_epoch from directory_log where account_id = $1"
                        + " order by number")
                .execute(Tuple.of(scene.account.value()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Row(
                                row.getString("home").equals(opened) ? "S" : "T",
                                row.getLong("epoch"),
                                row.getString("state"),
                                row.getLong("shadow_epoch")))
                        .toList())
                .await()
                .atMost(Duration.ofSeconds(10));
    }
}
