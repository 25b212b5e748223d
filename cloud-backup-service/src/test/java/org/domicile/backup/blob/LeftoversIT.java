package org.domicile.backup.blob;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.domicile.backup.participant.BackupParticipant;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.backup.trash.Trash;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a crash can leave, and what has been in the trash for its time, is gone after the sweep; what is wanted stays. */
@QuarkusTest
@TestProfile(LeftoversIT.ShortClocks.class)
class LeftoversIT extends BackupTest {
    public static final class ShortClocks implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "domicile.backup.pending", "1h",
                    "domicile.backup.orphan", "0s",
                    "domicile.backup.trash", "0s",
                    "domicile.backup.sweep", "24h",
                    "domicile.backup.quota", "1000000");
        }
    }

    @Inject
    OrphanSweep sweep;

    @Inject
    TrashPurge trash;

    @Inject
    ObjectStore objects;

    @Inject
    Trash bin;

    @Inject
    PurgeProof proof;

    @Inject
    BackupParticipant participant;

    @Inject
    MeterRegistry metrics;

    @Test
    void an_object_without_a_row_is_deleted_and_one_with_a_row_stays() {
        var account = consenting();
        upload(account, random(1000));
        putObject(account, UUID.randomUUID());

        sweep.sweep().await().indefinitely();

        assertEquals(1, S3ProxyResource.count(account.id().toString()));
        assertEquals(1, account.count("blobs"));
    }

    @Test
    void what_a_killed_store_left_below_an_account_is_deleted_too() {
        var account = consenting();
        var content = random(5);
        objects.put(
                        ObjectStore.prefix(account.id()) + UUID.randomUUID() + "-" + UUID.randomUUID(),
                        content,
                        sha256(content))
                .await()
                .indefinitely();

        sweep.sweep().await().indefinitely();

        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void an_upload_past_its_clock_is_ended_and_a_younger_one_goes_on() {
        var account = consenting();
        var late = UUID.randomUUID();
        var young = UUID.randomUUID();
        pending(account, late, "2 hours");
        pending(account, young, "1 minute");
        putObject(account, late);
        putObject(account, young);

        sweep.sweep().await().indefinitely();

        assertEquals(1, account.count("uploads"));
        assertEquals(1, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void the_trash_is_gone_after_its_window() {
        var account = consenting();
        var content = random(1000);
        upload(account, content);
        as(account).send("DELETE", "/restic/phone/data/" + sha256(content), null);
        assertEquals(1, S3ProxyResource.count(account.id().toString()));

        trash.purge().await().indefinitely();

        assertEquals(0, account.count("blobs"));
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void a_full_account_is_refused_with_the_numbers_after_a_recount() {
        var account = consenting();
        upload(account, random(600_000));
        account.sql(
                "update usage set bytes = 999999 where account_id = $1",
                Tuple.of(account.id().value()));

        upload(account, random(300_000));
        var content = random(200_000);
        var refused = as(account).send("POST", "/restic/phone/data/" + sha256(content), content);

        assertEquals(507, refused.statusCode());
        var numbers = new io.vertx.core.json.JsonObject(new String(refused.body()));
        assertEquals(900_000, numbers.getLong("usedBytes"));
        assertEquals(1_000_000, numbers.getLong("quotaBytes"));
    }

    @Test
    void what_is_counted_when_an_account_has_arrived_waits_for_an_upload_that_begins() {
        var account = consenting();
        upload(account, random(1_000));
        withRepository(account, "phone");
        var connection = pool.getConnection().await().indefinitely();
        var transaction = connection.begin().await().indefinitely();
        connection
                .preparedQuery("update usage set bytes = bytes + 500 where account_id = $1")
                .execute(Tuple.of(account.id().value()))
                .await()
                .indefinitely();

        var counted = participant.activated(account.id()).subscribeAsCompletionStage();
        Wait.until("the count waits", () -> waiting() > 0);
        connection
                .preparedQuery(
                        "insert into uploads (account_id, generation, size, repository, type, name, device_id, state,"
                                + " started_at) values ($1, gen_random_uuid(), 500, 'phone', 'data', 'x', $2, 'PENDING', now())")
                .execute(Tuple.of(account.id().value(), account.device().value()))
                .await()
                .indefinitely();
        transaction.commit().await().indefinitely();
        connection.close().await().indefinitely();
        counted.join();

        assertEquals(
                1_500,
                pool.preparedQuery("select bytes from usage where account_id = $1")
                        .execute(Tuple.of(account.id().value()))
                        .map(rows -> rows.iterator().next().getLong(0))
                        .await()
                        .indefinitely());
    }

    private long waiting() {
        return pool.query(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%usage%'")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0))
                .await()
                .indefinitely();
    }

    /** Every state, and every step asked of it on the real parts: it is taken from its own state only. */
    @ParameterizedTest
    @MethodSource("statesAndSteps")
    void a_step_changes_its_own_state_only(BlobState state, BlobTransition step) {
        var account = consenting();
        var content = random(1000);
        var name = sha256(content);
        reach(account, state, content);

        take(account, step, content);

        assertEquals(step.of(state), state(account, name));
    }

    static Stream<Arguments> statesAndSteps() {
        return Stream.of(BlobState.values())
                // committing without what is to be committed is not a request that can be made
                .flatMap(
                        state -> EnumSet.complementOf(EnumSet.of(BlobTransition.COMMIT, BlobTransition.REMOVE)).stream()
                                .map(step -> Arguments.of(state, step)));
    }

    private void reach(TestAccount account, BlobState state, byte[] content) {
        withRepository(account, "phone");
        switch (state) {
            case PENDING -> {
                var generation = UUID.randomUUID();
                pending(account, generation, "2 hours", sha256(content));
                putObject(account, generation);
            }
            case LIVE -> upload(account, content);
            case TRASHED -> {
                upload(account, content);
                as(account).send("DELETE", "/restic/phone/data/" + sha256(content), null);
            }
            case GONE -> {}
        }
    }

    private void take(TestAccount account, BlobTransition step, byte[] content) {
        switch (step) {
            case DISCARD -> sweep.sweep().await().indefinitely();
            case DELETE -> as(account, account.second()).send("DELETE", "/restic/phone/data/" + sha256(content), null);
            case RESTORE ->
                bin.restore(account.id(), new RepositoryName("phone"), Instant.EPOCH)
                        .onFailure(ProblemException.class)
                        .recoverWithNull()
                        .await()
                        .indefinitely();
            case PURGE -> trash.purge().await().indefinitely();
            default -> throw new IllegalArgumentException(step.name());
        }
    }

    private static BlobState state(TestAccount account, String name) {
        if (account.pending() > 0) {
            return BlobState.PENDING;
        }
        return account.read("select state from blobs where account_id = $1 and name = '" + name + "'")
                .map(row -> BlobState.valueOf(row.getString(0)))
                .orElse(BlobState.GONE);
    }

    /** Everything that a kill at any instant can leave, by the writes that were done before it. */
    @ParameterizedTest
    @EnumSource(Crash.class)
    void whatever_a_crash_left_is_gone_after_the_sweep_and_what_was_told_stays(Crash crash) {
        var account = consenting();
        var content = random(5);
        var own = UUID.randomUUID();
        var other = UUID.randomUUID();
        withRepository(account, "phone");
        crash.row.leave(this, account, own, sha256(content));
        if (crash.own) {
            putObject(account, own, content);
        }
        if (crash.other) {
            putObject(account, other, content);
        }
        if (crash.blob != Named.NONE) {
            insertBlob(account, sha256(content), crash.blob == Named.OWN ? own : other);
        }

        sweep.sweep().await().indefinitely();

        var stays = crash.blob == Named.NONE ? 0 : 1;
        assertEquals(0, account.count("uploads"));
        assertEquals(stays, account.count("blobs"));
        assertEquals(stays, S3ProxyResource.count(account.id().toString()));
        if (stays == 1) {
            assertArrayEquals(
                    content,
                    as(account)
                            .send("GET", "/restic/phone/data/" + sha256(content), null)
                            .body());
        }
    }

    /** What the upload's row and a blob say of its own object, and of another: a direct upload's copy, or what replaced it. */
    private enum Crash {
        RESERVED(Row.PENDING, false, false, Named.NONE),
        STORED(Row.PENDING, true, false, Named.NONE),
        DISCARDED_BUT_NOT_DELETED(Row.NONE, true, false, Named.NONE),
        PURGED_BUT_NOT_DELETED(Row.NONE, true, false, Named.NONE),
        COMMITTED_BUT_NOT_TOLD(Row.SETTLED, true, false, Named.OWN),
        STAGED_BY_URL(Row.DIRECT, true, false, Named.NONE),
        COPIED_BUT_NOT_COMMITTED(Row.DIRECT, true, true, Named.NONE),
        COMMITTED_WITH_ITS_STAGING_LEFT(Row.DIRECT_SETTLED, true, true, Named.OTHER),
        DAMAGED_AND_REPLACED(Row.NONE, true, true, Named.OTHER);

        private final Row row;
        private final boolean own;
        private final boolean other;
        private final Named blob;

        Crash(Row row, boolean own, boolean other, Named blob) {
            this.row = row;
            this.own = own;
            this.other = other;
            this.blob = blob;
        }
    }

    private enum Named {
        NONE,
        OWN,
        OTHER
    }

    private enum Row {
        NONE,
        PENDING,
        DIRECT,
        SETTLED,
        DIRECT_SETTLED;

        void leave(LeftoversIT test, TestAccount account, UUID generation, String name) {
            if (this == NONE) {
                return;
            }
            test.pending(account, generation, "2 hours", name);
            if (this == DIRECT || this == DIRECT_SETTLED) {
                account.sql(
                        "update uploads set expires_at = started_at + interval '1 minute' where account_id = $1",
                        Tuple.of(account.id().value()));
            }
            if (this == SETTLED || this == DIRECT_SETTLED) {
                account.sql(
                        "update uploads set state = 'SETTLED' where account_id = $1",
                        Tuple.of(account.id().value()));
            }
        }
    }

    @Test
    void an_object_that_a_move_has_copied_stays_while_its_row_does() {
        var account = consenting();
        var blob = UUID.randomUUID();
        var file = UUID.randomUUID();
        putObject(account, blob);
        putPart(account, file, 0);
        fetched(account, "insert into fetched (account_id, blob_id, generation) values ($1, $2, $2)", blob);
        fetched(account, "insert into webdav_fetched (account_id, content_id, generation) values ($1, $2, $2)", file);

        sweep.sweep().await().indefinitely();
        assertEquals(2, S3ProxyResource.count(account.id().toString()));

        fetched(account, "delete from fetched where account_id = $1 and generation = $2", blob);
        fetched(account, "delete from webdav_fetched where account_id = $1 and generation = $2", file);
        sweep.sweep().await().indefinitely();
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    private static void fetched(TestAccount account, String sql, UUID generation) {
        account.sql(sql, Tuple.of(account.id().value(), generation));
    }

    /** A purge deletes rows first, a refused upload its parts: either may have been ended in the middle. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parts_of_a_webdav_file_that_are_half_deleted_go_and_those_of_others_stay(boolean row) {
        var account = consenting();
        var content = random(600_000);
        assertEquals(201, dav(account).put("file", content));
        var kept = S3ProxyResource.count(account.id().toString());
        var generation = UUID.randomUUID();
        putPart(account, generation, 1);
        putPart(account, generation, 2);
        if (row) {
            account.sql(
                    "insert into webdav_uploads (account_id, generation, size, device_id, started_at)"
                            + " values ($1, $2, 5, $3, now() - interval '2 hours')",
                    Tuple.of(account.id().value(), generation, account.device().value()));
        }

        sweep.sweep().await().indefinitely();

        assertEquals(0, account.count("webdav_uploads"));
        assertEquals(kept, S3ProxyResource.count(account.id().toString()));
        assertArrayEquals(content, dav(account).get("file"));
    }

    @Test
    void a_purge_that_leaves_objects_raises_an_alarm() {
        var account = consenting();
        var generation = UUID.randomUUID();
        putObject(account, generation);
        var before = metrics.counter("domicile.backup.purge.alarms").count();

        var left = proof.left(
                        account.id(),
                        ObjectStore.prefix(account.id()),
                        List.of(ObjectStore.key(account.id(), generation)))
                .await()
                .indefinitely();

        assertEquals(1, left);
        assertEquals(before + 1, metrics.counter("domicile.backup.purge.alarms").count());
    }

    private void upload(TestAccount account, byte[] content) {
        assertEquals(
                200, withRepository(account, "phone").status("POST", "/restic/phone/data/" + sha256(content), content));
    }

    private void pending(TestAccount account, UUID generation, String age) {
        pending(account, generation, age, sha256(random(5)));
    }

    private void pending(TestAccount account, UUID generation, String age, String name) {
        account.sql(
                "insert into uploads (account_id, generation, repository, type, name, size, device_id, started_at)"
                        + " values ($1, $2, 'phone', 'data', $3, 5, $4, now() - interval '" + age + "')",
                Tuple.of(
                        account.id().value(), generation, name, account.device().value()));
    }

    private static void insertBlob(TestAccount account, String name, UUID generation) {
        account.sql(
                "insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256, state,"
                        + " stored_at, generation) values ($1, gen_random_uuid(), 1, 'phone', 'data', $2, 5, $2,"
                        + " 'LIVE', now(), $3)",
                Tuple.of(account.id().value(), name, generation));
    }

    private void putObject(TestAccount account, UUID generation) {
        putObject(account, generation, random(5));
    }

    private void putObject(TestAccount account, UUID generation, byte[] content) {
        put(ObjectStore.key(account.id(), generation), content);
    }

    private void putPart(TestAccount account, UUID generation, int part) {
        put("webdav/" + account.id() + "/" + generation + "/" + part, random(5));
    }

    private void put(String key, byte[] content) {
        objects.put(key, content, sha256(content)).await().indefinitely();
    }
}
