package org.domicile.platform.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.note.Notes;
import org.domicile.platform.testing.DatabaseDump;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.Wait;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class ErasureListIT {
    /** Who reads the list, and the timer. */
    private static final int LOOKING = 2;

    private static final String WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
            + " and datname = current_database() and query like '%from fence%for update'";

    private static final String[] SCHEMA = {"db/platform", "db/participant", "db/note"};

    @Inject
    NoteApplication application;

    @Inject
    Notes notes;

    @Inject
    Pool pool;

    @Inject
    ErasureExecutor executor;

    @Inject
    io.vertx.mutiny.core.Vertx vertx;

    @ConfigProperty(name = "quarkus.datasource.reactive.url")
    String database;

    @ConfigProperty(name = "quarkus.datasource.reactive.max-size")
    int connections;

    @Test
    void an_erasure_purges_looks_and_then_forgets_the_account_itself() {
        var account = application.opened();
        write(account, "a");

        list(entry(account, State.ORDERED, TestRegions.CN, 2));
        var left = application.done(account, FenceMode.NONE, 2).getJsonObject("left");
        assertEquals(0, left.getLong("rows"));
        assertEquals(0, left.getLong("objects"));
        assertTrue(left.getJsonObject("evidence").getJsonObject("found").isEmpty(), left::encode);
        assertEquals(Map.of(), notes.stored(account));

        list(entry(account, State.ERASED, TestRegions.CN, 2));
        forgotten(account);
        assertEquals(2, application.row(account).epoch(), "the list stands for the tombstone");
    }

    /** As a session does whose client's machine is gone. */
    @Test
    void an_account_that_stays_locked_does_not_take_every_connection() {
        var account = application.opened();
        var locked = pool.getConnection().await().indefinitely();
        var transaction = locked.begin().await().indefinitely();
        locked.preparedQuery("select from fence where account_id = $1 for update")
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely();
        list(entry(account, State.ORDERED, TestRegions.CN, 2));
        Wait.until("the erasure waits for the account", () -> waiting() > 0);

        for (var look = 0; look < connections; look++) {
            executor.tick();
            assertTrue(waiting() <= LOOKING, waiting() + " wait after look " + look);
        }

        transaction.rollback().await().indefinitely();
        locked.close().await().indefinitely();
        application.done(account, FenceMode.NONE, 2);
    }

    /** The list may come before the command that would say so. */
    @Test
    void an_erasure_in_the_middle_of_a_move_ends_the_other_ends_law_too() {
        var account = application.opened();
        pool.preparedQuery("insert into move_law (account_id, markets) values ($1, array['CN'])")
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely();

        list(entry(account, State.ORDERED, TestRegions.CN, 2));

        var left = application.done(account, FenceMode.NONE, 2).getJsonObject("left");
        assertEquals(0, left.getLong("rows"), left::encode);
        assertEquals(List.of(), application.laws(account));
    }

    @Test
    void the_list_and_the_command_of_one_epoch_are_one_erasure() {
        var account = application.opened();
        write(account, "a");

        list(entry(account, State.ORDERED, TestRegions.CN, 2));
        application.done(account, FenceMode.NONE, 2);
        application.order(NoteApplication.command(FenceOperation.PURGE, account, 2, 0));

        Wait.until(
                "the equal epoch is acknowledged again",
                () -> application.topics().of(Topics.RESIDENCY_ACKS, account).size() == 2);
        assertTrue(
                application.topics().of(Topics.RESIDENCY_ACKS, account).stream().allMatch(a -> a.getBoolean("done")));
    }

    @Test
    void nothing_that_comes_late_revives_an_erased_account() {
        var account = application.opened();
        list(entry(account, State.ERASED, TestRegions.CN, 3));
        forgotten(account);

        application
                .topics()
                .send(
                        Topics.ACCOUNT_EVENTS,
                        account,
                        Topics.ACCOUNT_OPENED,
                        new JsonObject().put("accountId", account.toString()).put("home", TestRegions.CN));
        application
                .topics()
                .send(
                        Topics.CONSENT_STATE,
                        account,
                        Topics.CONSENT_STATE_V1,
                        new JsonObject()
                                .put("accountId", account.toString())
                                .put("version", 9)
                                .put("epoch", 9)
                                .put("features", new JsonObject()));
        application.order(NoteApplication.command(FenceOperation.FREEZE, account, 2, 0));
        var marker = application.opened();
        application.order(NoteApplication.command(FenceOperation.FREEZE, marker, 2, 0));
        application.done(marker, FenceMode.FROZEN, 2);

        assertThrows(ProblemException.class, () -> write(account, "late"));
        forgotten(account);
    }

    @Test
    void an_entry_of_another_region_than_the_home_erases_nothing() {
        var account = application.opened();
        var other = application.opened();
        write(account, "a");

        list(entry(account, State.ORDERED, TestRegions.SG, 9));
        var forged = entry(account, State.ORDERED, TestRegions.CN, 9);
        publish(forged.account(), TestRegions.sign(TestRegions.SG, forged.toJson()));
        application.topics().raw(Topics.ERASURE_LIST, "x", "nonsense");
        list(entry(other, State.ORDERED, TestRegions.CN, 2));
        application.done(other, FenceMode.NONE, 2);

        assertEquals(FenceMode.OWN, application.mode(account));
        assertEquals(1, notes.stored(account).size());
    }

    @Test
    void a_restored_database_is_frozen_until_it_is_reconciled_and_the_account_stays_erased() {
        var erased = application.opened();
        var moved = application.opened();
        var stays = application.opened();
        var erasedElsewhere = application.opened();
        for (var account : new AccountId[] {erased, moved, stays, erasedElsewhere}) {
            write(account, "a");
        }
        var dump = DatabaseDump.of(database.substring(database.lastIndexOf('/') + 1), SCHEMA);
        list(entry(erased, State.ORDERED, TestRegions.CN, 2));
        application.done(erased, FenceMode.NONE, 2);
        list(entry(erased, State.ERASED, TestRegions.CN, 2));
        forgotten(erased);
        movedAway(moved);
        list(entry(erasedElsewhere, State.ERASED, TestRegions.SG, 6));

        var restored = new RestoredSide(vertx, dump.restore("restored"), application.bootstrap());
        assertEquals(FenceMode.OWN, restored.mode(erased), "as the backup has it");
        assertTrue(restored.freezeIfRestored());
        for (var account : new AccountId[] {erased, moved, stays, erasedElsewhere}) {
            assertEquals(FenceMode.FROZEN, restored.mode(account));
        }
        restored.reconcile();

        assertEquals(FenceMode.NONE, restored.mode(erased));
        assertEquals(FenceMode.FROZEN, restored.mode(moved), "it lives elsewhere now");
        assertEquals(FenceMode.OWN, restored.mode(stays));
        assertEquals(
                FenceMode.FROZEN, restored.mode(erasedElsewhere), "where it went is forgotten, that it is gone is not");
        Wait.until("purged again", () -> restored.notes(erased).isEmpty() && restored.forgotten(erased));
        assertEquals(1, restored.notes(stays).size());
        assertFalse(restored.freezeIfRestored(), "reconciled once");
        restored.stop();
    }

    private long waiting() {
        return pool.query(WAITING)
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private void movedAway(AccountId account) {
        var row = new JsonObject()
                .put("accountId", account.toString())
                .put("home", TestRegions.SG)
                .put("epoch", 5)
                .put("from", TestRegions.CN)
                .put("at", Instant.now().toString());
        application
                .topics()
                .send(
                        Topics.RESIDENCY_DIRECTORY,
                        account,
                        Topics.RESIDENCY_V1,
                        new JsonObject().put("jws", TestRegions.sign(TestRegions.CN, row)));
    }

    private void forgotten(AccountId account) {
        Wait.until(
                "no row names the account",
                () -> application.count("select count(*) from fence where account_id = $1", account) == 0
                        && application.count("select count(*) from transfer where account_id = $1", account) == 0
                        && application.count("select count(*) from consent_projection where account_id = $1", account)
                                == 0);
    }

    private static ErasureEntry entry(AccountId account, State state, String region, long epoch) {
        var now = Instant.now();
        return new ErasureEntry(
                ErasureEntry.key(account), UUID.randomUUID(), state, region, epoch, now, now.plusSeconds(86_400), now);
    }

    private void list(ErasureEntry entry) {
        publish(entry.account(), TestRegions.sign(entry.region(), entry.toJson()));
    }

    private void publish(String key, String jws) {
        var event = CloudEvent.of("/test", Topics.ERASURE_V1, key, Instant.now(), new JsonObject().put("jws", jws));
        application.topics().raw(Topics.ERASURE_LIST, key, event.toJson());
    }

    private long write(AccountId account, String id) {
        return notes.write(account, id).await().indefinitely();
    }
}
