package org.domicile.backup.store;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.blob.OrphanSweep;
import org.domicile.backup.blob.TrashPurge;
import org.domicile.backup.store.FaultyStore.Fault;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.backup.withdrawal.WithdrawalPurge;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A purge of more objects than a page holds is believed only when the store lists none of them; else it raises an alarm. */
@QuarkusTest
@QuarkusTestResource(value = FaultyStore.class, restrictToAnnotatedClass = true)
@TestProfile(PurgeIT.NoTrash.class)
class PurgeIT extends BackupTest {
    private static final int OBJECTS = 2_500;
    private static final int BATCH = 1_000;

    public static final class NoTrash implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("domicile.backup.trash", "0s", "domicile.backup.sweep", "24h");
        }
    }

    @Inject
    TrashPurge trash;

    @Inject
    OrphanSweep sweep;

    @Inject
    WithdrawalPurge withdrawals;

    @Inject
    BackupConfig config;

    @Inject
    MeterRegistry metrics;

    @AfterEach
    void heal() {
        FaultyStore.set(Fault.NONE);
    }

    /** What the first of three deletions left lies anywhere among the 2,500: all pages are read to count it. */
    @Test
    void a_purge_of_the_trash_counts_on_all_pages_what_a_claimed_deletion_left() throws IOException {
        var account = consenting();
        seed(account, "TRASHED");
        FaultyStore.claimDeletion(1);
        var alarms = alarms();

        trash.purge().await().indefinitely();

        assertEquals(0, account.count("blobs"));
        assertEquals(BATCH, objects(account));
        assertEquals(alarms + 1, alarms());
        assertAlarm(account, BATCH);
    }

    @Test
    void a_purge_whose_store_is_away_raises_an_alarm_and_what_it_left_is_swept() throws IOException {
        var account = consenting();
        seed(account, "TRASHED");
        FaultyStore.set(Fault.UNAVAILABLE);
        var alarms = alarms();

        trash.purge().await().indefinitely();

        var left = OBJECTS - account.count("blobs");
        assertEquals(BATCH, left);
        assertEquals(alarms + 1, alarms());
        assertAlarm(account, left);

        FaultyStore.set(Fault.NONE);
        trash.purge().await().indefinitely();
        assertEquals(left, objects(account));
        sweep.deleteUnnamed(account.id()).await().indefinitely();
        assertEquals(0, account.count("blobs") + objects(account));
    }

    @Test
    void a_purge_after_a_withdrawal_goes_through_all_pages_and_ends_when_none_is_left() throws IOException {
        var account = consenting();
        seed(account, "LIVE");
        account.consent(false, Instant.now().minus(Duration.ofDays(60)));
        FaultyStore.claimDeletion(3);
        var alarms = alarms();

        withdrawals.purge().await().indefinitely();

        assertEquals(1, account.count("purges"));
        assertEquals(OBJECTS - 2 * BATCH, objects(account));
        assertEquals(alarms + 1, alarms());
        assertAlarm(account, OBJECTS - 2 * BATCH);

        withdrawals.purge().await().indefinitely();

        assertEquals(0, account.count("purges") + account.count("blobs"));
        assertEquals(0, objects(account));
        assertEquals(alarms + 1, alarms());
        assertPurged(account);
    }

    @Test
    void both_purges_leave_what_a_url_may_still_bring_until_it_has_expired() throws Exception {
        var account = consenting();
        withRepository(account, "phone");
        putDirectly(account, random(1_000));
        account.consent(false, Instant.now().minus(Duration.ofDays(60)));

        trash.purge().await().indefinitely();
        withdrawals.purge().await().indefinitely();

        assertEquals(1, objects(account));
        assertEquals(1, account.count("purges"));
        assertEquals(0, account.count("repositories") + account.count("uploads"));

        QuarkusMock.installMockForType(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(61)), Clock.class);
        trash.purge().await().indefinitely();
        withdrawals.purge().await().indefinitely();

        assertEquals(0, objects(account));
        assertEquals(0, account.count("purges"));
        assertPurged(account);
    }

    /** As a crash leaves a purge that the owner has outrun by switching backup on again. */
    @Test
    void a_purge_that_is_still_open_leaves_the_copy_of_an_upload_that_becomes_live() throws Exception {
        var account = consenting();
        withRepository(account, "phone");
        account.sql(
                "insert into purges (account_id, reason, blobs, bytes, started_at)"
                        + " values ($1, 'consent-withdrawn', 0, 0, now())",
                Tuple.of(account.id().value()));
        var content = random(1_000);
        var commit = stalledCommit(account, content);
        QuarkusMock.installMockForType(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(61)), Clock.class);

        withdrawals.purge().await().indefinitely();

        assertEquals(0, account.count("purges"));
        FaultyStore.set(Fault.NONE);
        assertEquals(200, commit.join());
        assertArrayEquals(
                content,
                as(account)
                        .send("GET", "/restic/phone/data/" + sha256(content), null)
                        .body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from uploads where account_id = $1",
                "update fence set mode = 'CLOSED' where account_id = $1",
                "update fence set mode = 'FROZEN' where account_id = $1"
            })
    void a_copy_that_nothing_will_show_any_more_is_deleted(String meanwhile) throws Exception {
        var account = consenting();
        withRepository(account, "phone");
        var commit = stalledCommit(account, random(1_000));
        assertEquals(2, objects(account));

        account.sql(meanwhile, Tuple.of(account.id().value()));
        FaultyStore.set(Fault.NONE);

        assertEquals(503, commit.join());
        assertEquals(1, objects(account), "what the device put");
        assertEquals(0, account.count("blobs"));
    }

    @Test
    void a_commit_that_another_one_of_the_same_upload_overtakes_leaves_one_object() throws Exception {
        var account = consenting();
        withRepository(account, "phone");
        var content = random(1_000);
        var upload = putDirectly(account, content);
        FaultyStore.set(Fault.STALL_COPY_ANSWERS);
        var first = commit(account, upload);
        await().until(() -> FaultyStore.stalled() == 1);
        var second = commit(account, upload);
        await().until(() -> FaultyStore.stalled() == 2);
        FaultyStore.set(Fault.NONE);

        var answers = List.of(first.join(), second.join());

        assertTrue(answers.contains(200) && Set.of(200, 503).containsAll(answers), answers.toString());
        assertEquals(1, objects(account));
        assertArrayEquals(
                content,
                as(account)
                        .send("GET", "/restic/phone/data/" + sha256(content), null)
                        .body());
    }

    /** The store has copied what was put, and has not said so yet. */
    private CompletableFuture<Integer> stalledCommit(TestAccount account, byte[] content) throws Exception {
        var upload = putDirectly(account, content);
        FaultyStore.set(Fault.STALL_COPY_ANSWERS);
        var commit = commit(account, upload);
        await().until(() -> FaultyStore.stalled() == 1);
        return commit;
    }

    private CompletableFuture<Integer> commit(TestAccount account, String upload) {
        return CompletableFuture.supplyAsync(() -> as(account).status("POST", upload, new byte[0]));
    }

    /** Rows, and an object each. */
    private void seed(TestAccount account, String state) throws IOException {
        withRepository(account, "phone");
        account.sql(
                "insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256, state, stored_at,"
                        + " trashed_at, generation) select $1, gen_random_uuid(), 1, 'phone', 'data', encode(sha256(i::text::bytea),"
                        + " 'hex'), 1, encode(sha256(i::text::bytea), 'hex'), $2, now() - interval '1 day', case $2 when 'TRASHED'"
                        + " then now() - interval '1 day' end, gen_random_uuid() from generate_series(1, " + OBJECTS
                        + ") i",
                Tuple.of(account.id().value(), state));
        var folder = Files.createDirectories(
                S3ProxyResource.objects().resolve(config.bucket()).resolve(ObjectStore.prefix(account.id())));
        for (var row : pool.preparedQuery("select generation from blobs where account_id = $1")
                .execute(Tuple.of(account.id().value()))
                .await()
                .indefinitely()) {
            Files.write(folder.resolve(row.getUUID(0).toString()), new byte[1]);
        }
        assertEquals(OBJECTS, objects(account));
    }

    private static long objects(TestAccount account) {
        return S3ProxyResource.count(account.id().toString());
    }

    private double alarms() {
        return metrics.counter("domicile.backup.purge.alarms").count();
    }

    private static void assertAlarm(TestAccount account, long left) {
        try (var topics = topics()) {
            topics.await(
                    "backup.events", account.id(), data -> Long.valueOf(left).equals(data.getLong("objectsLeft")));
        }
    }

    private static void assertPurged(TestAccount account) {
        try (var topics = topics()) {
            topics.await("backup.events", account.id(), data -> "consent-withdrawn".equals(data.getString("reason")));
        }
    }

    private static TestTopics topics() {
        return new TestTopics(TestParts.kafka(), List.of("backup.events"));
    }

    /** @return where to commit it */
    private String putDirectly(TestAccount account, byte[] content) throws IOException, InterruptedException {
        var begun = as(account)
                .send(
                        "POST",
                        "/direct/phone/data/" + sha256(content),
                        JsonObject.of("size", content.length).toBuffer().getBytes(),
                        "Content-Type",
                        "application/json");
        var url = new JsonObject(new String(begun.body()));
        var request = HttpRequest.newBuilder(URI.create(url.getString("url"))).PUT(BodyPublishers.ofByteArray(content));
        url.getJsonObject("headers")
                .forEach(header ->
                        request.header(header.getKey(), header.getValue().toString()));
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            assertEquals(
                    200, http.send(request.build(), BodyHandlers.discarding()).statusCode());
        }
        return "/direct/phone/data/" + sha256(content) + "/" + url.getString("uploadId");
    }
}
