package org.domicile.migration.restore;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.domicile.migration.restore.RestoredStore.Unasked;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database is told that it is another one, as after a restore, and the service reconciles; the other region is played by the test. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class RestorationIT {
    private static final long MILLION = 1_000_000;

    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    @Inject
    Restoration restoration;

    @Inject
    RestoredStore store;

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
        // other tests have the database after this, and are about one that was never restored
        pool.query("delete from reconciliation").executeAndAwait();
        peer.close();
        topics.close();
    }

    @Test
    void a_move_that_has_not_cut_over_rests_until_its_target_was_asked_and_is_then_given_up() throws Exception {
        scene.opened("SG");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        peer.refuse(Integer.MAX_VALUE);

        restored();
        var raised = directory().getLong("epoch");
        scene.there(SHADOW, 2, null);
        abort(move).statusCode(409);
        assertEquals("COPYING", scene.get(move).getString("state"), "nothing that comes moves it");

        peer.refuse(0);
        scene.awaitState(move, "ABORTED");
        var epoch = raised + 1;
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, epoch);
        scene.awaitOrderedThere(FenceOperation.PURGE, epoch);
        scene.here(OWN, epoch, null);
        scene.there(NONE, epoch, null);
        await("settled", () -> scene.get(move).getBoolean("settled"));
    }

    @Test
    void an_answer_from_before_a_restore_ends_no_question_of_after_it() {
        peer.refuse(Integer.MAX_VALUE);
        restored();
        var before = unasked().getFirst();

        changed();
        assertEquals(List.of(), unasked(), "nobody is asked before it is known which moves rest");
        answered(before);
        restoration.start(null);
        answered(before);

        var after = unasked();
        assertEquals(1, after.size());
        assertNotEquals(before.question(), after.getFirst().question());
        peer.refuse(0);
        await("asked", () -> unasked().isEmpty());
    }

    private List<Unasked> unasked() {
        return store.unasked().await().indefinitely();
    }

    private void answered(Unasked region) {
        store.asked(region).await().indefinitely();
    }

    @Test
    void a_move_whose_target_took_the_account_has_ended_there() {
        scene.opened("SG");
        scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        peer.answerRestored(new JsonObject()
                .put("took", new JsonObject().put(scene.account.toString(), 5))
                .put("copies", new JsonArray()));

        restored();

        await("settled", () -> row().getString("state").equals("CUT_OVER"));
        assertEquals("AWAY", directory().getString("state"));
        assertEquals(5, directory().getLong("epoch"));
        assertEquals(List.of(), scene.orderedHere(FenceOperation.ACTIVATE), "this region is home no more");
    }

    @Test
    void an_account_that_the_signed_directory_names_elsewhere_has_left() {
        scene.opened("SG");
        scene.leftOnce(4);

        restored();

        assertEquals(Scene.THERE, directory().getString("home"));
        assertEquals("AWAY", directory().getString("state"));
        order().statusCode(421);
    }

    @Test
    void of_several_instances_that_start_on_it_one_raises_the_epochs() {
        scene.opened("SG");
        changed();

        var instances = Stream.generate(() -> CompletableFuture.runAsync(() -> restoration.start(null)))
                .limit(3)
                .toList();
        instances.forEach(CompletableFuture::join);

        var raised = directory().getLong("epoch");
        assertTrue(raised > MILLION, () -> "raised once: " + raised);
        var move = scene.move();
        store.reconciled().await().indefinitely();
        scene.awaitOrderedThere(FenceOperation.SHADOW, raised + 1);
        assertEquals(move, directory().getUUID("move_id").toString(), "what was begun since goes on");
    }

    @Test
    void copies_of_a_move_that_the_backup_does_not_know_are_purged() {
        scene.opened("SG");
        peer.answerRestored(new JsonObject()
                .put("took", new JsonObject())
                .put("copies", new JsonArray().add(scene.account.toString())));

        restored();

        var raised = directory().getLong("epoch");
        scene.awaitOrderedThere(FenceOperation.PURGE, raised);
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, raised);
    }

    @Test
    void an_erasure_that_was_ordered_after_the_backup_is_ordered_again() {
        scene.opened("SG");

        scene.erasureHere(State.ORDERED, 2);

        scene.awaitOrderedHere(FenceOperation.PURGE, 2);
        scene.awaitOrderedThere(FenceOperation.PURGE, 2);
    }

    /** The other region has forgotten the account, and would confirm nothing any more. */
    @Test
    void an_account_that_was_erased_after_the_backup_is_forgotten_again() {
        scene.opened("SG");

        scene.erasureHere(State.ERASED, 2);

        await("forgotten", () -> rows("directory") + rows("ack") + rows("directory_log") == 0);
        assertTrue(scene.orderedThere(FenceOperation.PURGE, 2).isEmpty());
        order().statusCode(404);
    }

    @Test
    void another_region_that_was_restored_is_brought_its_batons_again_and_told_of_copies() throws Exception {
        scene.opened("SG");
        scene.move();
        var before = Instant.now().minusSeconds(60);
        scene.moved();
        var batons = scene.batonsThere().size();
        var copied = new Scene(topics, peer, listener.port());
        assertEquals(200, copied.order(FenceOperation.SHADOW, 2));
        copied.here(SHADOW, 2, null);

        await("told", () -> {
            var told = told(before);
            return told.getJsonArray("copies").contains(copied.account.toString())
                    && !told.getJsonArray("copies").contains(scene.account.toString());
        });

        await("the baton comes again", () -> scene.batonsThere().size() > batons);
        var question = new JsonObject();
        assertEquals(
                400,
                peer.restored(listener.port(), question, PeerRegion.ID + ".migration")
                        .status());
        assertEquals(
                403,
                peer.restored(listener.port(), question, PeerRegion.ID + ".backup")
                        .status());
    }

    @Test
    void the_same_backup_restored_once_more_gives_no_epoch_out_twice() {
        scene.opened("SG");
        restored();
        var first = directory().getLong("epoch");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, first + 1);
        pool.query("delete from move where id = '" + move + "'").executeAndAwait();
        pool.query(
                        "update directory set epoch = 1, state = 'IDLE', move_id = null, shadow_epoch = 0 where account_id = '"
                                + scene.account + "'")
                .executeAndAwait();

        restored();

        assertTrue(directory().getLong("epoch") > first + 1, "above what was ordered after the first restore");
    }

    @Test
    void a_baton_that_is_brought_again_is_taken_above_all_epochs_that_were_given_out_since() throws Exception {
        restored();
        var move = UUID.randomUUID();
        var baton = new JsonObject(Scene.encode(scene.baton(move, 4)));

        brought(baton);

        var epoch = directory().getLong("epoch");
        assertTrue(epoch > MILLION, () -> "above what is known: " + epoch);
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, epoch);
        assertEquals(4, scene.directory().getFirst().getLong("epoch"), "what the old home has signed");
        assertEquals(200, scene.bring("batons", peer.sign(baton)), "once more");
        assertEquals(epoch, directory().getLong("epoch"));
        scene.here(OWN, epoch, null);
        scene.awaitState(move.toString(), "SOAK");
    }

    @Test
    void an_account_that_left_and_came_back_after_the_backup_goes_on_with_the_move_that_brought_it() throws Exception {
        scene.opened("SG");
        scene.leftOnce(3);
        scene.cameBack(4);
        restored();
        var raised = directory().getLong("epoch");
        var move = UUID.randomUUID();

        brought(new JsonObject(Scene.encode(scene.baton(move, 4))));

        assertEquals(move, directory().getUUID("move_id"), "its old home is purged in the end");
        assertTrue(directory().getLong("epoch") > raised);
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, directory().getLong("epoch"));
    }

    @Test
    void a_baton_waits_while_the_account_that_came_back_is_moved_again() throws Exception {
        scene.opened("SG");
        scene.leftOnce(3);
        scene.cameBack(4);
        restored();
        await("every region has answered", () -> unasked().isEmpty());
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, directory().getLong("epoch"));

        var baton = new JsonObject(Scene.encode(scene.baton(UUID.randomUUID(), 4)));
        assertEquals(409, scene.bring("batons", peer.sign(baton)));

        assertEquals(move, directory().getUUID("move_id").toString());
    }

    /** The signed directory of this region is behind: it does not say yet that the account has left again. */
    @Test
    void an_old_baton_does_not_bring_back_what_has_been_handed_over_since() throws Exception {
        scene.opened("SG");
        scene.leftOnce(3);
        scene.cameBack(4);
        restored();
        await("every region has answered", () -> unasked().isEmpty());
        var raised = directory().getLong("epoch");
        pool.query("update directory set home = '" + Scene.THERE
                        + "', epoch = epoch + 3, state = 'AWAY' where account_id = '" + scene.account + "'")
                .executeAndAwait();

        assertEquals(
                200,
                scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(UUID.randomUUID(), 4))))),
                "acknowledged");

        assertEquals("AWAY", directory().getString("state"));
        assertEquals(raised + 3, directory().getLong("epoch"));
        assertEquals(List.of(), scene.orderedHere(FenceOperation.ACTIVATE));
    }

    @Test
    void no_baton_is_taken_before_every_region_has_said_which_accounts_it_took() throws Exception {
        peer.refuse(Integer.MAX_VALUE);
        restored();
        var baton = new JsonObject(Scene.encode(scene.baton(UUID.randomUUID(), 4)));

        assertEquals(409, scene.bring("batons", peer.sign(baton)));

        peer.refuse(0);
        brought(baton);
    }

    @Test
    void an_account_at_rest_that_another_region_took_has_left_whatever_the_directory_says_here() {
        scene.opened("SG");
        peer.answerRestored(new JsonObject()
                .put("took", new JsonObject().put(scene.account.toString(), 5))
                .put("copies", new JsonArray()));

        restored();

        await("left", () -> directory().getString("state").equals("AWAY"));
        assertEquals(Scene.THERE, directory().getString("home"));
        assertEquals(5, directory().getLong("epoch"));
    }

    private void brought(JsonObject baton) {
        await("the baton is taken", () -> {
            try {
                return scene.bring("batons", peer.sign(baton)) == 200;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The move had ended: nothing is copied back to the home that the account has left. */
    @Test
    void an_old_home_that_was_purged_before_is_not_filled_again() throws Exception {
        restored();
        var id = UUID.randomUUID();
        var baton = new JsonObject(Scene.encode(scene.baton(id, 4)));
        Scene.SERVICES.forEach(service -> baton.getJsonArray("acks")
                .add(new JsonObject(Scene.encode(scene.ack(Scene.THERE, service, NONE, 9, true, null)))));
        brought(baton);
        var home = directory().getLong("epoch");
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, home);
        scene.here(OWN, home, null);
        scene.awaitState(id.toString(), "SOAK");

        scene.endSoak(pool, id);

        scene.awaitState(id.toString(), "PURGING");
        var epoch = directory().getLong("epoch");
        scene.awaitOrderedThere(FenceOperation.PURGE, epoch);
        for (var copying : List.of(FenceOperation.FEED, FenceOperation.KEEP)) {
            assertEquals(List.of(), scene.orderedThere(copying), "nothing is copied there");
        }
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, epoch);
        scene.here(OWN, epoch, null);
        scene.there(NONE, epoch, null);
        scene.awaitState(id.toString(), "ATTESTED");
    }

    private JsonObject told(Instant since) {
        try {
            var question = new JsonObject().put("since", since.toString());
            return new JsonObject(peer.restored(listener.port(), question, PeerRegion.ID + ".migration")
                    .body());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ValidatableResponse abort(String move) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .post("/v1/moves/" + move + "/abort")
                .then();
    }

    private void restored() {
        changed();
        restoration.start(null);
    }

    private void changed() {
        pool.query("update database_identity set identity = 'of the backup'").executeAndAwait();
    }

    private ValidatableResponse order() {
        return given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(Map.of("accountId", scene.account.toString(), "to", Scene.THERE))
                .post("/v1/moves")
                .then();
    }

    private int rows(String table) {
        return pool.preparedQuery("select from " + table + " where account_id = $1")
                .execute(Tuple.of(scene.account.value()))
                .await()
                .indefinitely()
                .size();
    }

    private Row row() {
        return one("select * from move where account_id = $1");
    }

    private Row directory() {
        return one("select * from directory where account_id = $1");
    }

    private Row one(String query) {
        return pool.preparedQuery(query)
                .execute(Tuple.of(scene.account.value()))
                .await()
                .indefinitely()
                .iterator()
                .next();
    }
}
