package org.domicile.migration.restore;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.domicile.migration.restore.RestoredStore.Answer;
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
    /** About the year 2090. */
    private static final long FAR = 4_000_000_000_000_000L;

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
        for (var table : List.of("reconciliation", "restored_unasked", "forgotten_move")) {
            pool.query("delete from " + table).executeAndAwait();
        }
        pool.query("delete from move where requested_by = 'page'").executeAndAwait();
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
        scene.opened("SG");
        peer.refuse(Integer.MAX_VALUE);
        restored();
        var before = unasked().getFirst();

        changed();
        assertEquals(List.of(), unasked(), "nobody is asked before it is known which moves rest");
        answered(before);
        restoration.start(null);
        answered(before);
        heard(before, told(Map.of(scene.account.toString(), 5)));

        var after = unasked();
        assertEquals(1, after.size());
        assertNotEquals(before.question(), after.getFirst().question());
        assertEquals("IDLE", directory().getString("state"), "what was said then may not be so any more");
        heard(after.getFirst(), told(Map.of(scene.account.toString(), 5)));
        assertEquals("AWAY", directory().getString("state"));
        peer.refuse(0);
        await("asked", () -> unasked().isEmpty());
    }

    private List<Unasked> unasked() {
        return store.unasked().await().indefinitely();
    }

    private void answered(Unasked region) {
        store.answered(region).await().indefinitely();
        store.allAnswered().await().indefinitely();
    }

    private void heard(Unasked region, JsonObject answer) {
        store.heard(region, new Answer(answer.getJsonObject("took"), List.of(), 0))
                .await()
                .indefinitely();
    }

    /** What a region says. @param took account → epoch; of no copies unless they are added */
    private static JsonObject told(Map<String, Integer> took) {
        return new JsonObject().put("took", new JsonObject(Map.copyOf(took))).put("copies", new JsonArray());
    }

    private JsonObject copied() {
        return told(Map.of()).put("copies", new JsonArray().add(scene.account.toString()));
    }

    private void awaitAnswers() {
        await("every region has answered", () -> unasked().isEmpty());
    }

    @Test
    void a_move_that_has_not_begun_rests_too() throws Exception {
        scene.opened("SG");
        await("at home", () -> rows("ack") == Scene.SERVICES.size());
        pool.query("delete from ack where service = 'backup' and account_id = '" + scene.account + "'")
                .executeAndAwait();
        var move = scene.move();
        scene.awaitState(move, "PREFLIGHT");
        peer.refuse(Integer.MAX_VALUE);

        restored();
        scene.here(scene.ack(Scene.HERE, "backup", OWN, 1, true, null));
        await("all say that they are home", () -> rows("ack") == Scene.SERVICES.size());
        abort(move).statusCode(409);
        order().statusCode(409);
        assertEquals("PREFLIGHT", scene.get(move).getString("state"), "nothing that comes moves it");

        peer.refuse(0);
        scene.awaitState(move, "ABORTED");
        awaitAnswers();
        scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, directory().getLong("epoch"));
    }

    @Test
    void a_home_waits_for_its_services_at_the_new_epoch_once_all_regions_have_answered() throws Exception {
        var move = UUID.randomUUID();
        assertEquals(200, scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(move, 4))))));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        peer.refuse(Integer.MAX_VALUE);

        restored();
        var raised = directory().getLong("epoch");
        scene.here(OWN, raised, null);
        await("all say so", () -> acksAt(raised) == Scene.SERVICES.size());
        assertEquals("CUT_OVER", row().getString("state"), "the account may have left since");

        peer.refuse(0);
        scene.awaitState(move.toString(), "SOAK");
    }

    /** The move that it came by was never seen to end here, and must not be in the way of the one that brings it back. */
    @Test
    void an_account_that_had_just_come_when_the_backup_was_taken_may_leave_and_come_back() throws Exception {
        var first = UUID.randomUUID();
        assertEquals(200, scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(first, 4))))));
        peer.answerRestored(told(Map.of(scene.account.toString(), 7)));
        restored();
        await("left", () -> directory().getString("state").equals("AWAY"));

        brought(new JsonObject(Scene.encode(scene.baton(UUID.randomUUID(), 10))));

        assertEquals("SOAK", directory().getString("state"));
        assertEquals("ROLLED_BACK", scene.get(first.toString()).getString("state"));
    }

    private int acksAt(long epoch) {
        return rows("(select account_id from ack where epoch = " + epoch + ") at_epoch");
    }

    @Test
    void epochs_go_on_above_all_that_a_region_knows_though_the_clock_is_behind() {
        scene.opened("SG");
        peer.answerRestored(told(Map.of()).put("highest", FAR));

        restored();
        awaitAnswers();

        assertTrue(
                directory().getLong("epoch") > FAR,
                () -> "above " + FAR + ": " + directory().getLong("epoch"));
    }

    @Test
    void a_region_is_asked_on_until_it_has_brought_all_batons() {
        var after = new CopyOnWriteArrayList<String>();
        peer.answerRestored(question -> {
            after.add(question.getString("after"));
            return after.getLast().equals(RestoredRoutes.FIRST.toString())
                    ? told(Map.of()).put("next", scene.account.toString())
                    : new JsonObject();
        });

        restored();
        awaitAnswers();

        assertEquals(List.of(RestoredRoutes.FIRST.toString(), scene.account.toString()), after);
    }

    @Test
    void batons_are_brought_again_a_page_at_a_time() {
        pool.query(
                        "with accounts as (select gen_random_uuid() as id from generate_series(1, 101)), moves as (insert into"
                                + " move (account_id, id, source, target, state, shadow_epoch, fence_epoch, home_epoch,"
                                + " end_epoch, settled, requested_by, created_at, fed) select id, id, 'cn-north', 'ap-southeast',"
                                + " 'CUT_OVER', 2, 3, 4, 0, true, 'page', now(), false from accounts), steps as (insert into"
                                + " move_step (account_id, move_id, number, state, at) select id, id, 0, 'CUT_OVER', now()"
                                + " from accounts) insert into directory (account_id, home, epoch, state, shadow_epoch, market)"
                                + " select id, 'ap-southeast', 4, 'AWAY', 0, 'SG' from accounts")
                .executeAndAwait();
        var since = Instant.now().minusSeconds(60);

        var first = told(since);
        var second = told(question(since).put("after", first.getString("next")));

        assertTrue(first.containsKey("took"));
        assertEquals(Set.of(), second.fieldNames());
        await("all are brought", () -> batons() >= 101);

        assertEquals(Set.of("took", "copies", "highest"), told(question(since)).fieldNames());
        await("all are brought at once to who knows no pages", () -> batons() >= 202);
    }

    private long batons() {
        return peer.received().stream()
                .filter(received -> received.kind().equals("batons"))
                .count();
    }

    @Test
    void an_erasure_that_was_under_way_is_ordered_again_above_all_epochs() throws Exception {
        scene.opened("SG");
        var erasure = UUID.randomUUID();
        scene.orderErasure(erasure);
        scene.awaitOrderedThere(FenceOperation.PURGE, 2);

        restored();
        awaitAnswers();
        scene.orderErasure(erasure);

        var raised = directory().getLong("epoch");
        scene.awaitOrderedHere(FenceOperation.PURGE, raised);
        scene.awaitOrderedThere(FenceOperation.PURGE, raised);
        scene.here(NONE, raised, null);
        scene.there(NONE, raised, null);
        await("erased", () -> scene.erasures().getLast().state() == State.ERASED);
        assertEquals(0, rows("directory"));
    }

    @Test
    void an_erasure_is_not_begun_while_the_account_may_live_elsewhere() {
        scene.opened("SG");
        peer.refuse(Integer.MAX_VALUE);
        restored();
        var raised = directory().getLong("epoch");
        scene.orderErasure(UUID.randomUUID());

        assertEquals(List.of(), scene.orderedHere(FenceOperation.PURGE));
        peer.refuse(0);
        awaitAnswers();
        scene.orderErasure(UUID.randomUUID());

        scene.awaitOrderedHere(FenceOperation.PURGE, raised + 1);
        assertEquals(1, scene.erasures().size());
    }

    /** It had gone there since the backup, and nobody is left who remembers that. */
    @Test
    void an_account_that_another_region_took_and_erased_after_the_backup_is_forgotten() {
        scene.opened("SG");
        var stays = new Scene(topics, peer, listener.port());
        stays.opened("SG");
        stays.erasedThere(1);
        scene.erasedThere(6);

        restored();

        assertEquals(0, rows("directory"));
        assertEquals(1, rows("directory", stays), "an erasure of no later epoch is none of an account that left");
    }

    @Test
    void an_account_that_was_opened_after_the_backup_goes_on_above_all_epochs() {
        peer.answerRestored(copied());
        restored();
        awaitAnswers();

        scene.opened("SG");

        await("row", () -> rows("directory") == 1);
        var epoch = directory().getLong("epoch");
        assertTrue(epoch > MILLION, () -> "above what may have been ordered since: " + epoch);
        scene.awaitOrderedThere(FenceOperation.PURGE, epoch);
        assertEquals(0, rows("forgotten_move"));
        scene.orderErasure(UUID.randomUUID());
        scene.awaitOrderedThere(FenceOperation.PURGE, epoch + 1);
    }

    @Test
    void an_account_that_was_opened_after_the_backup_and_has_left_is_not_at_home_here() {
        scene.leftOnce(4);
        restored();

        scene.opened("SG");

        await("row", () -> rows("directory") == 1);
        assertEquals(Scene.THERE, directory().getString("home"));
        assertEquals(4, directory().getLong("epoch"));
        order().statusCode(421);
    }

    @Test
    void an_account_that_was_opened_after_the_backup_has_left_if_a_region_says_so() {
        peer.answerRestored(told(Map.of(scene.account.toString(), 4)));
        restored();
        awaitAnswers();

        scene.saidToBeOpened("SG");
        order().statusCode(421);
        assertEquals(4, directory().getLong("epoch"));
    }

    @Test
    void an_account_that_came_back_by_a_move_that_is_known_has_not_left() throws Exception {
        var move = UUID.randomUUID();
        assertEquals(200, scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(move, 6))))));
        peer.answerRestored(told(Map.of(scene.account.toString(), 3)));

        restored();
        awaitAnswers();

        assertEquals(Scene.HERE, directory().getString("home"));
    }

    @Test
    void that_an_account_came_here_is_said_though_it_has_gone_on_to_a_third_region() throws Exception {
        assertEquals(
                200, scene.bring("batons", peer.sign(new JsonObject(Scene.encode(scene.baton(UUID.randomUUID(), 4))))));
        var since = Instant.now().minusSeconds(60);

        wentTo("eu-central");
        assertEquals(4, told(since).getJsonObject("took").getLong(scene.account.toString()));
        wentTo(Scene.THERE);
        assertEquals(
                4, told(since).getJsonObject("took").getLong(scene.account.toString()), "its baton is brought too");
        assertFalse(
                told(question(since)).getJsonObject("took").containsKey(scene.account.toString()),
                "the release before knows no account that has come back");
    }

    private void wentTo(String region) {
        pool.query("update directory set state = 'AWAY', home = '" + region + "' where account_id = '" + scene.account
                        + "'")
                .executeAndAwait();
    }

    /** The other region has not begun to make a copy: nobody knows of the move but the services that it has fenced. */
    @Test
    void services_that_a_forgotten_move_has_fenced_go_on_once_all_regions_have_answered() {
        scene.opened("SG");
        scene.here(FROZEN, 3, "abc");
        await("fenced", () -> rows("ack") == 2 * Scene.SERVICES.size());
        peer.refuse(Integer.MAX_VALUE);
        restored();
        scene.here(FROZEN, 5, "abc");
        await("fenced since", () -> rows("forgotten_move") == 1);
        assertEquals(List.of(), scene.orderedHere(FenceOperation.ACTIVATE), "the account may live elsewhere");

        peer.refuse(0);

        scene.awaitOrderedHere(FenceOperation.ACTIVATE, directory().getLong("epoch"));
    }

    @Test
    void a_region_that_took_an_account_is_believed_though_the_backup_has_it_in_a_third() throws Exception {
        assertEquals(200, scene.order(FenceOperation.SHADOW, 2));
        wentTo("eu-central");
        peer.answerRestored(told(Map.of(scene.account.toString(), 7)));

        restored();
        awaitAnswers();

        assertEquals(Scene.THERE, directory().getString("home"));
        assertEquals(7, directory().getLong("epoch"));
    }

    /** Another region may be home. */
    @Test
    void nothing_is_settled_before_every_region_has_answered() {
        scene.opened("SG");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        peer.answerRestored(question -> {
            peer.refuse(Integer.MAX_VALUE);
            return copied().put("next", scene.account.toString());
        });
        restored();
        await("it has begun to answer", () -> rows("forgotten_move") == 1);

        assertEquals("COPYING", scene.get(move).getString("state"));
        assertEquals(List.of(), scene.orderedHere(FenceOperation.ACTIVATE));
        peer.answerRestored(copied());
        peer.refuse(0);
        scene.awaitState(move, "ABORTED");
    }

    @Test
    void a_region_that_is_no_longer_listed_need_not_answer() {
        peer.refuse(Integer.MAX_VALUE);
        restored();
        pool.query("update restored_unasked set region = 'eu-central'").executeAndAwait();

        awaitAnswers();
    }

    @Test
    void a_copy_is_purged_when_another_move_of_the_account_is_over() {
        scene.opened("SG");
        pool.query("update directory set state = 'PURGING' where account_id = '" + scene.account + "'")
                .executeAndAwait();
        peer.answerRestored(copied());
        restored();
        awaitAnswers();
        var raised = directory().getLong("epoch");
        assertEquals(List.of(), scene.orderedThere(FenceOperation.PURGE));

        pool.query("update directory set state = 'IDLE' where account_id = '" + scene.account + "'")
                .executeAndAwait();

        scene.awaitOrderedThere(FenceOperation.PURGE, raised);
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, raised);
        await("done", () -> rows("forgotten_move") == 0);
    }

    @Test
    void a_copy_of_an_account_that_went_there_and_came_back_before_is_told_too() throws Exception {
        scene.opened("SG");
        scene.move();
        var since = Instant.now().minusSeconds(60);
        scene.moved();
        scene.order(FenceOperation.FEED, 5);
        scene.order(FenceOperation.PURGE, 6);
        assertFalse(isCopied(since), "the old home's copy, which is purged in the end");

        scene.order(FenceOperation.SHADOW, 8);

        assertTrue(isCopied(since));
    }

    private boolean isCopied(Instant since) {
        return told(since).getJsonArray("copies").contains(scene.account.toString());
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
        awaitAnswers();
        store.begin().await().indefinitely();
        assertEquals(List.of(), unasked(), "one that comes late asks nobody again");
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
        awaitAnswers();
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
        awaitAnswers();
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
        awaitAnswers();
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
        return told(question(since).put("after", RestoredRoutes.FIRST.toString()));
    }

    /** As a region of the release before asks, which knows no pages. */
    private static JsonObject question(Instant since) {
        return new JsonObject().put("since", since.toString());
    }

    private JsonObject told(JsonObject question) {
        try {
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
        return rows(table, scene);
    }

    private int rows(String table, Scene of) {
        return pool.preparedQuery("select from " + table + " where account_id = $1")
                .execute(Tuple.of(of.account.value()))
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
