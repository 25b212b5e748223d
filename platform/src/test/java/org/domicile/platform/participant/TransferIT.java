package org.domicile.platform.participant;

import static org.domicile.platform.note.NoteApplication.command;
import static org.domicile.platform.note.NoteApplication.signed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteParticipant;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.note.Notes;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.Wait;
import org.domicile.platform.trace.RequestTraces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The running application is the source in cn-north; the target is a second set of the same classes on its own database. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class TransferIT {
    private static final String LOCK_WAITERS = "select from pg_locks where not granted and $1::uuid is not null";
    /** What the note "c" is digested as does not matter here. */
    private static final String DIGEST_C = "insert into transfer_mac (account_id, class, key, version, mac)"
            + " select account_id, class, replace(key, 'n0', 'c'), 99, mac from transfer_mac"
            + " where account_id = $1 and key like '%n0%'";

    @Inject
    NoteApplication application;

    @Inject
    Notes notes;

    @Inject
    Pool pool;

    @Inject
    PeerServer peers;

    @Inject
    RequestTraces traces;

    @Inject
    io.vertx.mutiny.core.Vertx vertx;

    private TargetSide target;

    @BeforeEach
    void aTarget() {
        target = new TargetSide(vertx.getDelegate(), peers.port(), TestRegions.SG + ".backup");
    }

    @AfterEach
    void end() {
        target.close();
    }

    @Test
    void an_account_moves_while_it_is_written_and_nothing_is_missing() {
        var account = application.opened();
        for (int i = 0; i < 700; i++) {
            write(account, "n" + i);
        }
        var stop = new AtomicBoolean();
        var written = new AtomicInteger();
        var writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; !stop.get(); i++) {
                write(account, "live" + i % 50);
                notes.delete(account, "n" + i).await().indefinitely();
                written.incrementAndGet();
            }
        });
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        var before = written.get();
        Wait.until("writes go on", () -> written.get() > before + 5);
        stop.set(true);
        writer.join();

        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 3));
        target.execute(NoteApplication.close(account, 3, 2, sealed));
        Wait.until("the target is closed", () -> target.saysDone(account, FenceMode.CLOSED, 3));
        var closed = manifest(target.ack(account));
        assertTrue(closed.sameContentAs(sealed), closed + " / " + sealed);
        assertEquals(sealed.counter(), closed.counter());
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
        assertEquals(sealed.counter(), target.row(account).version());
        assertThrows(IllegalStateException.class, () -> target.late(account, 2), "a record after the close is taken");

        target.execute(target.here(FenceOperation.ACTIVATE, account, 4));
        Wait.until("the target owns", () -> target.saysDone(account, FenceMode.OWN, 4));
        application.order(command(FenceOperation.KEEP, account, 4, 2));
        application.done(account, FenceMode.SHADOW, 4);
        application.order(command(FenceOperation.PURGE, account, 5, 2));
        var left = application.done(account, FenceMode.NONE, 5).getJsonObject("left");
        assertEquals(0, left.getLong("rows"));
        assertEquals(0, left.getLong("objects"));
        assertEquals(new JsonObject(), left.getJsonObject("evidence").getJsonObject("found"));
        assertTrue(left.getJsonObject("evidence").getInteger("tables") >= 4, left.encode());
        assertEquals(0, application.count("select count(*) from note where account_id = $1", account));
        assertEquals(0, application.count("select count(*) from transfer_mac where account_id = $1", account));
        assertEquals(
                0,
                application.count(
                        "select count(*) from transfer where account_id = $1 and mac_key is not null", account));
    }

    @Test
    void the_law_of_both_ends_holds_at_both_until_one_is_purged() {
        var account = application.opened();
        write(account, "a");
        target.start();
        target.execute(under(NoteApplication.shadow(account, 2), "CN", "SG"));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        assertEquals(List.of("CN", "SG"), application.laws(account), "by the shadow's first question");
        assertEquals(List.of("CN", "SG"), NoteApplication.laws(target.pool, account));

        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 3));
        target.execute(NoteApplication.close(account, 3, 2, sealed));
        Wait.until("the target is closed", () -> target.saysDone(account, FenceMode.CLOSED, 3));
        target.execute(under(target.here(FenceOperation.ACTIVATE, account, 4), "CN", "SG"));
        application.order(under(command(FenceOperation.KEEP, account, 4, 2), "CN", "SG"));
        application.done(account, FenceMode.SHADOW, 4);
        assertEquals(List.of("CN", "SG"), application.laws(account), "while it soaks");
        assertEquals(List.of("CN", "SG"), NoteApplication.laws(target.pool, account), "while it soaks");

        application.order(command(FenceOperation.PURGE, account, 5, 2));
        application.done(account, FenceMode.NONE, 5);
        target.execute(target.here(FenceOperation.ACTIVATE, account, 5));
        assertEquals(List.of(), application.laws(account));
        assertEquals(List.of(), NoteApplication.laws(target.pool, account), "the home's own again");
    }

    @Test
    void an_aborted_move_leaves_no_law_behind_and_its_grant_brings_none_back() {
        var account = application.opened();
        write(account, "a");
        target.start();
        var shadow = under(NoteApplication.shadow(account, 2), "CN", "SG");
        target.execute(shadow);
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));

        application.order(command(FenceOperation.ACTIVATE, account, 3, 2));
        target.execute(target.here(FenceOperation.PURGE, account, 3));
        application.done(account, FenceMode.OWN, 3);

        assertEquals(409, target.status(account, signed(shadow)));
        assertEquals(List.of(), application.laws(account));
        assertEquals(List.of(), NoteApplication.laws(target.pool, account));
    }

    private static FenceCommand under(FenceCommand command, String... laws) {
        return new FenceCommand(
                command.operation(),
                command.accountId(),
                command.service(),
                command.region(),
                command.epoch(),
                command.issuer(),
                command.peer(),
                command.shadowEpoch(),
                command.manifest(),
                command.projections(),
                command.pace(),
                List.of(laws));
    }

    @Test
    void a_copy_goes_on_after_a_crash() {
        var account = application.opened();
        for (int i = 0; i < 600; i++) {
            write(account, "n" + i);
        }
        target.execute(NoteApplication.shadow(account, 2));
        target.stop();
        var next = new TargetSide(target, TestRegions.SG + ".backup");
        next.start();
        Wait.until("the shadow has caught up", () -> next.saysDone(account, FenceMode.SHADOW, 2));
        assertEquals(notes.stored(account), Notes.stored(next.pool, account));
        next.stop();
    }

    @Test
    void an_aborted_move_can_be_repeated() {
        var account = application.opened();
        write(account, "a");
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        application.order(command(FenceOperation.ACTIVATE, account, 3, 2));
        target.execute(target.here(FenceOperation.PURGE, account, 3));
        application.done(account, FenceMode.OWN, 3);
        Wait.until("the target is empty", () -> target.saysDone(account, FenceMode.NONE, 3));
        assertTrue(Notes.stored(target.pool, account).isEmpty());

        write(account, "b");
        target.execute(NoteApplication.shadow(account, 4));
        Wait.until("the shadow has caught up again", () -> target.saysDone(account, FenceMode.SHADOW, 4));
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
    }

    @Test
    void a_table_that_no_class_of_data_knows_keeps_a_purge_from_being_done() {
        var account = application.opened();
        write(account, "a");
        application.forgotten(account);
        application.order(command(FenceOperation.PURGE, account, 2, 0));
        var left = application.said(account, FenceMode.NONE, 2, false).getJsonObject("left");
        assertEquals(1, left.getLong("rows"));
        assertEquals(1, left.getJsonObject("evidence").getJsonObject("found").getLong("forgotten"));

        application.remembered(account);

        assertEquals(
                0,
                application
                        .done(account, FenceMode.NONE, 2)
                        .getJsonObject("left")
                        .getLong("rows"));
    }

    @Test
    void a_tombstone_holds_nothing_of_its_owner() {
        var account = application.opened();
        write(account, "something personal");
        application.order(command(FenceOperation.PURGE, account, 2, 0));
        application.done(account, FenceMode.NONE, 2);

        var rows = application.rowsOf(account);

        assertEquals(Set.of("fence", "transfer"), rows.keySet());
        assertEquals(
                Set.of("account_id", "mode", "epoch", "version", "at", "restored"),
                rows.get("fence").fieldNames());
        var transfer = rows.get("transfer");
        var ack = (JsonObject) transfer.remove("ack");
        assertEquals(Set.of("accountId", "service", "region", "epoch", "mode", "done", "at", "left"), ack.fieldNames());
        assertEquals(new JsonObject(), transfer.remove("cursors"));
        for (var column : List.of("task", "grant_jws", "closing", "mac_key")) {
            assertNull(transfer.getValue(column), column);
        }
    }

    @Test
    void a_record_that_the_target_cannot_take_is_told_and_copied_once_it_can() {
        var account = application.opened();
        write(account, NoteParticipant.UNIQUE);
        var other = AccountId.create();
        target.sql(
                "insert into note (account_id, id, body, version) values ($1, '" + NoteParticipant.UNIQUE
                        + "', '{}', 1)",
                other);
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until(
                "the trouble is told",
                () -> target.ack(account) != null
                        && "Another account has this note."
                                .equals(target.ack(account).getString("trouble")));

        target.sql("delete from note where account_id = $1", other);

        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
    }

    @Test
    void a_copy_that_was_kept_is_fed_what_changes_and_nothing_else() {
        var account = application.opened();
        for (int i = 0; i < 40; i++) {
            write(account, "n" + i);
        }
        feed(account);
        assertEquals(0, target.ack(account).getJsonObject("progress").getLong("records"));
        write(account, "n1");
        write(account, "new");
        notes.delete(account, "n2").await().indefinitely();
        Wait.until(
                "what changed has crossed",
                () -> Notes.stored(target.pool, account).get("new") != null
                        && Notes.stored(target.pool, account)
                                .get("n1")
                                .equals(notes.stored(account).get("n1")));
        application.order(command(FenceOperation.FREEZE, account, 6, 5));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 6));
        target.execute(NoteApplication.close(account, 6, 5, sealed));
        Wait.until("the target is closed again", () -> target.saysDone(account, FenceMode.CLOSED, 6));

        assertTrue(manifest(target.ack(account)).sameContentAs(sealed));
        assertEquals(2, target.ack(account).getJsonObject("progress").getLong("records"));
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
        assertEquals(sealed.counter(), target.row(account).version());
    }

    /** The target holds the account as it was when it came back to the application, and is fed from now on, at epoch 5. */
    private void feed(AccountId account) {
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        target.execute(NoteApplication.close(account, 3, 2, manifest(application.done(account, FenceMode.FROZEN, 3))));
        Wait.until("the target is closed", () -> target.saysDone(account, FenceMode.CLOSED, 3));
        application.order(command(FenceOperation.ACTIVATE, account, 4, 2));
        application.done(account, FenceMode.OWN, 4);
        target.execute(NoteApplication.feed(account, 5));
        Wait.until("the copy is level", () -> target.saysDone(account, FenceMode.SHADOW, 5));
    }

    @Test
    void a_copy_at_which_nothing_happens_rests_in_the_database_until_an_order_comes() {
        var account = application.opened();
        write(account, "a");
        feed(account);
        target.stop();
        target.sql(
                "update transfer set source_counter = "
                        + application.row(account).version()
                        + ", rested_millis = 1500000, rest_until = 'epoch', lease_until = null where account_id = $1",
                account);
        var next = new TargetSide(target, TestRegions.SG + ".backup");
        next.start();
        Wait.until("it rests for fifty minutes", () -> next.rest(account).compareTo(Duration.ofMinutes(49)) > 0);

        write(account, "b");
        application.order(command(FenceOperation.FREEZE, account, 6, 5));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 6));
        // who takes the order dies before it does anything: it has stopped
        target.execute(NoteApplication.close(account, 6, 5, sealed));

        Wait.until("the other instance closes", () -> next.saysDone(account, FenceMode.CLOSED, 6));
        assertTrue(manifest(next.ack(account)).sameContentAs(sealed));
        next.stop();
    }

    @Test
    void a_copy_does_not_rest_when_an_order_came_during_its_last_look() {
        var account = application.opened();
        write(account, "a");
        target.stop();
        target.execute(NoteApplication.shadow(account, 2));

        assertTrue(target.restsAfter(account, () -> {}));
        assertFalse(
                target.restsAfter(account, () -> target.execute(NoteApplication.shadow(account, 3))), "a later epoch");
        assertFalse(
                target.restsAfter(
                        account,
                        () -> target.execute(NoteApplication.close(
                                account, 4, 3, new Manifest(0, new TreeMap<>(), new TreeMap<>())))),
                "closing");
        assertEquals(Duration.ZERO, target.rest(account));
    }

    @Test
    void a_copy_is_caught_up_only_once_it_was_compared_record_by_record() {
        var account = application.opened();
        for (int i = 0; i < 1_200; i++) {
            write(account, "n" + i);
        }
        write(account, NoteParticipant.SPOILT + NoteParticipant.SPOILT_ONCE);
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));

        var notesFound = found(account);
        assertEquals(1_201, notesFound.getLong("records"), "what was spoilt once has been mended");
        assertEquals(0, notesFound.getLong("differing"));
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
    }

    @Test
    void a_copy_that_stays_wrong_is_never_caught_up_and_says_which_record() {
        var account = application.opened();
        write(account, "a");
        write(account, NoteParticipant.SPOILT);
        target.start();
        target.execute(NoteApplication.shadow(account, 2));

        Wait.until(
                "the difference is told",
                () -> target.ack(account) != null && target.ack(account).getJsonObject("verification") != null);

        assertFalse(target.ack(account).getBoolean("done"));
        assertEquals(1, found(account).getLong("records"));
        assertEquals(1, found(account).getLong("differing"));
        assertEquals(
                new JsonObject()
                        .put("key", "[\"" + NoteParticipant.SPOILT + "\"]")
                        .put("what", "OTHERWISE"),
                found(account).getJsonArray("sample").getJsonObject(0));
    }

    @Test
    void a_kept_copy_is_compared_with_its_home_which_tells_no_content() {
        var account = application.opened();
        for (int i = 0; i < 10; i++) {
            write(account, "n" + i);
        }
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 3));
        target.execute(NoteApplication.close(account, 3, 2, sealed));
        Wait.until("the target is closed", () -> target.saysDone(account, FenceMode.CLOSED, 3));
        application.order(command(FenceOperation.ACTIVATE, account, 4, 2));
        application.done(account, FenceMode.OWN, 4);

        keep(account, 5, sealed);
        assertEquals(10, found(account).getLong("records"));
        assertEquals(0, found(account).getLong("differing"));

        write(account, "n1");
        write(account, "new");
        notes.delete(account, "n2").await().indefinitely();
        keep(account, 6, sealed);
        assertEquals(8, found(account).getLong("records"));
        assertEquals(2, found(account).getLong("newer"));
        assertEquals(1, found(account).getLong("gone"));
        assertEquals(0, found(account).getLong("differing"));

        target.sql("update note set body = '{}' where account_id = $1 and id = 'n3'", account);
        var grant = keep(account, 7, sealed);
        assertEquals(1, found(account).getLong("differing"));
        assertEquals(
                "[\"n3\"]",
                found(account).getJsonArray("sample").getJsonObject(0).getString("key"));
        assertEquals(403, target.status(account, signed(grant)), "no record is opened to a copy that is only kept");
    }

    /** The home was restored, and has forgotten that it had the old copy purged. */
    @Test
    void a_copy_that_was_purged_is_not_filled_again() {
        var account = application.opened();
        write(account, "a");
        feed(account);
        target.execute(target.here(FenceOperation.PURGE, account, 6));
        Wait.until("the copy is purged", () -> target.saysDone(account, FenceMode.NONE, 6));

        target.execute(under(NoteApplication.feed(account, 7), "CN", "SG"));
        Wait.until("it is said to be gone", () -> target.saysDone(account, FenceMode.NONE, 7));
        target.execute(NoteApplication.keep(account, 8, null));
        Wait.until("it is said to be gone", () -> target.saysDone(account, FenceMode.NONE, 8));

        assertEquals(0, target.ack(account).getJsonObject("left").getLong("rows"));
        assertTrue(Notes.stored(target.pool, account).isEmpty());
        assertEquals(List.of(), NoteApplication.laws(target.pool, account), "the account is at one place");
    }

    private FenceCommand keep(AccountId account, long epoch, Manifest sealed) {
        var keep = NoteApplication.keep(account, epoch, sealed);
        target.execute(keep);
        Wait.until("the copy is compared", () -> target.saysDone(account, FenceMode.SHADOW, epoch));
        return keep;
    }

    private JsonObject found(AccountId account) {
        return target.ack(account)
                .getJsonObject("verification")
                .getJsonObject("classes")
                .getJsonObject("notes");
    }

    @Test
    void a_shadow_that_is_level_closes_by_the_manifest_that_its_source_brings() {
        var account = application.opened();
        write(account, "a");
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 3));
        var close = NoteApplication.close(account, 3, 2, sealed);

        assertTrue(target.closeNow(close));

        assertEquals(FenceMode.CLOSED, target.row(account).mode());
        assertEquals(sealed.counter(), target.row(account).version());
        assertTrue(manifest(target.ack(account)).sameContentAs(sealed));
        assertThrows(Shadow.Over.class, () -> target.closeNow(close), "again");
        target.execute(close);
        Wait.until("the order is acknowledged", () -> target.saysDone(account, FenceMode.CLOSED, 3));
        target.execute(target.here(FenceOperation.ACTIVATE, account, 4));
        Wait.until("the target owns", () -> target.saysDone(account, FenceMode.OWN, 4));
        assertThrows(Shadow.Over.class, () -> target.closeNow(close), "late");
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
    }

    @Test
    void a_shadow_that_is_behind_asks_before_it_closes() {
        var account = application.opened();
        write(account, "a");
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        target.stop();
        for (int i = 0; i < 40; i++) {
            write(account, "n" + i);
        }
        notes.delete(account, "a").await().indefinitely();
        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 3));
        var next = new TargetSide(target, TestRegions.SG + ".backup");
        next.start();

        next.closeNow(NoteApplication.close(account, 3, 2, sealed));

        Wait.until("the target is closed", () -> next.saysDone(account, FenceMode.CLOSED, 3));
        assertTrue(manifest(next.ack(account)).sameContentAs(sealed));
        assertEquals(notes.stored(account), Notes.stored(next.pool, account));
        next.stop();
    }

    @Test
    void a_shadow_that_is_behind_closes_by_what_its_source_brings() {
        var account = copied(2);
        write(account, "c");
        write(account, "n0");
        notes.delete(account, "n1").await().indefinitely();
        brace(account);
        write(account, "d");
        notes.delete(account, "c").await().indefinitely();

        assertClosedWithoutAsking(account);
    }

    /** Nothing is written between the brace and the freeze: what the brace digested is what is sealed. */
    @Test
    void what_is_gone_when_other_records_are_newer_stays_gone() {
        var account = copied(2);
        write(account, "c");
        notes.delete(account, "n1").await().indefinitely();
        brace(account);

        assertClosedWithoutAsking(account);
    }

    /** The shadow asks for a record, which is digested for it, while the freeze digests it too. */
    @Test
    void a_freeze_waits_for_who_digests_already_and_is_not_waited_for() {
        var account = copied(2);
        write(account, "c");
        var reader = pool.getConnection().await().indefinitely();
        var reading = reader.begin().await().indefinitely();
        sql(reader, "select from transfer where account_id = $1 for update", account);
        reader.query("set local lock_timeout = '200ms'").execute().await().indefinitely();
        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        Wait.until("the freeze waits", () -> sql(pool, LOCK_WAITERS, account).rowCount() > 0);

        var digested = sql(reader, DIGEST_C, account);

        assertEquals(1, digested.rowCount(), "without waiting for the freeze");
        reading.rollback().await().indefinitely();
        reader.close().await().indefinitely();
        var sealed = manifest(application.done(account, FenceMode.FROZEN, 3));
        assertEquals(3, sealed.classes().get("notes").count());
    }

    private static RowSet<Row> sql(SqlClient client, String sql, AccountId account) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely();
    }

    @Test
    void of_a_class_that_is_large_the_source_brings_what_is_newer() {
        var account = copied(600);
        brace(account);
        write(account, "c");

        assertClosedWithoutAsking(account);
    }

    @Test
    void what_the_source_does_not_bring_is_asked_for() {
        var account = copied(600);
        brace(account);
        notes.delete(account, "n1").await().indefinitely();

        var sealed = freeze(account);
        Wait.until("the manifest has come", () -> target.isClosing(account));
        assertEquals(FenceMode.SHADOW, target.row(account).mode());
        var next = new TargetSide(target, TestRegions.SG + ".backup");
        next.start();
        Wait.until("the target is closed", () -> next.saysDone(account, FenceMode.CLOSED, 3));
        assertTrue(manifest(next.ack(account)).sameContentAs(sealed));
        assertEquals(notes.stored(account), Notes.stored(next.pool, account));
        next.stop();
    }

    /** An account with so many notes, whose shadow has them all and does nothing more by itself. */
    private AccountId copied(int written) {
        var account = application.opened();
        for (int i = 0; i < written; i++) {
            write(account, "n" + i);
        }
        target.start();
        target.execute(NoteApplication.shadow(account, 2));
        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        target.stop();
        target.listen(traces);
        return account;
    }

    private void brace(AccountId account) {
        var migration = new TargetSide(target, TestRegions.CN + ".migration");
        assertEquals(
                200, migration.post("/fence/v1/brace", null, signed(command(FenceOperation.FREEZE, account, 3, 2))));
    }

    private Manifest freeze(AccountId account) {
        application.order(command(FenceOperation.FREEZE, account, 3, 2));
        return manifest(application.done(account, FenceMode.FROZEN, 3));
    }

    private void assertClosedWithoutAsking(AccountId account) {
        var sealed = freeze(account);
        Wait.until("the target is closed", () -> target.saysDone(account, FenceMode.CLOSED, 3));
        assertTrue(manifest(target.ack(account)).sameContentAs(sealed));
        assertEquals(sealed.counter(), target.row(account).version());
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
    }

    @Test
    void a_shadow_closes_only_for_the_home_that_made_it() {
        var account = application.opened();
        var other = application.opened();
        application.order(
                account,
                TestRegions.sign(TestRegions.SG, JsonObject.mapFrom(ordered(FenceOperation.SHADOW, account, 2))));
        application.becomes(account, FenceMode.SHADOW);
        var manifest = JsonObject.mapFrom(new Manifest(1, new TreeMap<>(), new TreeMap<>()))
                .encode();
        var path = TransferEndpoint.PATH + "/" + account + "/sealed";

        assertEquals(403, target.post(path, null, manifest));
        assertEquals(403, target.post(path, signed(command(FenceOperation.FREEZE, account, 3, 2)), manifest));
        assertEquals(403, target.post(path, freeze(other, 2), manifest));
        assertEquals(
                403, new TargetSide(target, TestRegions.SG + ".messaging").post(path, freeze(account, 2), manifest));
        assertEquals(409, target.post(path, freeze(account, 1), manifest), "for a shadow of another move");
        assertEquals(200, target.post(path, freeze(account, 2), manifest));
        assertEquals(FenceMode.SHADOW, application.mode(account), "nothing was copied yet");
    }

    @Test
    void commands_are_taken_from_the_regions_own_migration_service() {
        var account = application.opened();
        write(account, "a");
        var freeze = signed(command(FenceOperation.FREEZE, account, 3, 2));
        var migration = new TargetSide(target, TestRegions.CN + ".migration");

        assertEquals(403, target.post("/fence/v1/commands", null, freeze));
        assertEquals(
                403, migration.post("/fence/v1/commands", null, freeze.substring(0, freeze.length() - 4) + "AAAA"));
        assertEquals(200, migration.post("/fence/v1/commands", null, freeze));

        assertEquals(FenceMode.FROZEN, application.mode(account));
        assertEquals(
                1,
                manifest(application.done(account, FenceMode.FROZEN, 3))
                        .classes()
                        .get("notes")
                        .count());
        assertEquals(409, migration.post("/fence/v1/brace", null, freeze), "it is frozen already");
    }

    private static FenceCommand ordered(FenceOperation operation, AccountId account, long shadowEpoch) {
        var freeze = operation == FenceOperation.FREEZE;
        return new FenceCommand(
                operation,
                account,
                "backup",
                freeze ? TestRegions.SG : TestRegions.CN,
                freeze ? 3 : shadowEpoch,
                TestRegions.SG,
                freeze ? TestRegions.CN : TestRegions.SG,
                shadowEpoch,
                null,
                null);
    }

    private static String freeze(AccountId account, long shadowEpoch) {
        return TestRegions.sign(
                TestRegions.SG, JsonObject.mapFrom(ordered(FenceOperation.FREEZE, account, shadowEpoch)));
    }

    @Test
    void a_source_opens_only_to_the_move_it_has_signed() {
        var account = application.opened();
        var other = application.opened();
        var grant = signed(NoteApplication.shadow(account, 2));
        assertEquals(200, target.status(account, grant));
        assertEquals(403, target.status(account, null));
        assertEquals(403, target.status(other, grant));
        assertEquals(
                403,
                target.status(
                        account,
                        TestRegions.sign(TestRegions.SG, JsonObject.mapFrom(NoteApplication.shadow(account, 2)))));
        assertEquals(403, new TargetSide(target, TestRegions.SG + ".messaging").status(account, grant));
        assertEquals(403, new TargetSide(target, TestRegions.CN + ".backup").status(account, grant));
        assertThrows(RuntimeException.class, () -> target.statusWithoutCertificate(account, grant));
        application.order(command(FenceOperation.ACTIVATE, account, 3, 2));
        application.done(account, FenceMode.OWN, 3);
        assertEquals(409, target.status(account, grant));
    }

    @Test
    void a_source_says_what_is_wrong_with_a_question() {
        var account = application.opened();
        var grant = signed(NoteApplication.shadow(account, 2));
        for (var body : List.of("", "{", "[]", "{\"notes\":\"all\"}", "{\"notes\":null}")) {
            assertEquals(400, target.status(HttpMethod.POST, account, "/pass", grant, body), body);
            assertEquals(400, target.status(HttpMethod.POST, account, "/changes", grant, body), body);
        }
        assertEquals(400, target.status(HttpMethod.POST, account, "/records/notes", grant, "{}"));
        assertEquals(404, target.status(HttpMethod.POST, account, "/pass", grant, "{\"nothing\":0}"));
        assertEquals(200, target.status(HttpMethod.POST, account, "/pass", grant, "{\"notes\":-1}"));
    }

    @Test
    void a_source_of_the_version_before_is_asked_class_by_class() {
        var account = application.opened();
        for (int i = 0; i < 3; i++) {
            write(account, "n" + i);
        }
        var asked = new AtomicInteger();
        var before = peers.router()
                .post(TransferEndpoint.PATH + "/" + account + "/pass")
                .order(-1)
                .handler(context -> {
                    asked.incrementAndGet();
                    context.response().setStatusCode(404).end();
                });

        target.start();
        target.execute(NoteApplication.shadow(account, 2));

        Wait.until("the shadow has caught up", () -> target.saysDone(account, FenceMode.SHADOW, 2));
        before.remove();
        assertTrue(asked.get() > 0);
        assertEquals(notes.stored(account), Notes.stored(target.pool, account));
    }

    @Test
    void commands_are_executed_once_in_epoch_order_and_forged_ones_are_dead_letters() {
        var account = application.opened();
        application.order(command(FenceOperation.FREEZE, account, 5, 0));
        application.done(account, FenceMode.FROZEN, 5);
        application.order(command(FenceOperation.ACTIVATE, account, 4, 0));
        application.order(command(FenceOperation.FREEZE, account, 5, 0));
        var forged =
                TestRegions.sign(TestRegions.SG, JsonObject.mapFrom(command(FenceOperation.ACTIVATE, account, 9, 0)));
        application.order(account, forged);
        application.topics().raw(Topics.RESIDENCY_COMMANDS, account.toString(), "{\"data\":{}}");
        var before = deadLetters();
        application.topics().raw(Topics.RESIDENCY_COMMANDS, account.toString(), "nonsense");
        application.topics().await("dead-letters", r -> r.value().contains(forged));
        application.topics().await("dead-letters", r -> r.value().equals("{\"data\":{}}"));
        application.topics().await("dead-letters", r -> r.value().equals("nonsense"));
        assertTrue(deadLetters() > before, "and counted");
        assertEquals(FenceMode.FROZEN, application.mode(account));
        Wait.until(
                "the equal epoch is acknowledged again",
                () -> application.topics().of(Topics.RESIDENCY_ACKS, account).size() == 2);
        application.order(command(FenceOperation.ACTIVATE, account, 6, 0));
        application.done(account, FenceMode.OWN, 6);
        assertEquals(1, write(account, "after"));
    }

    private static double deadLetters() {
        return Metrics.counter("domicile.dead.letters").count();
    }

    private long write(AccountId account, String id) {
        return notes.write(account, id).await().indefinitely();
    }

    static Manifest manifest(JsonObject ack) {
        return ack.getJsonObject("manifest").mapTo(Manifest.class);
    }
}
