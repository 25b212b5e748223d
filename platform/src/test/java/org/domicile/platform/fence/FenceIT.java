package org.domicile.platform.fence;

import static org.domicile.platform.note.NoteApplication.command;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FencedGroup.Passed;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.note.Notes;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.Wait;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class FenceIT {
    private static final Logger LOG = Logger.getLogger(FenceIT.class);
    private static final int WRITERS = 32;

    @Inject
    NoteApplication application;

    @Inject
    Notes notes;

    @Inject
    Fence fence;

    @Inject
    FenceStore fences;

    @Inject
    Residencies residencies;

    @Inject
    Pool pool;

    @Test
    void every_write_raises_the_version() {
        var account = application.opened();
        assertEquals(1, write(account, "a"));
        assertEquals(2, write(account, "b"));
        assertEquals(3, write(account, "a"));
        assertEquals(Map.of("a", 3L, "b", 2L), notes.stored(account));
    }

    @Test
    void a_write_that_fails_leaves_no_trace() {
        var account = application.opened();
        var refused = assertThrows(ProblemException.class, () -> fence.write(account, w -> Notes.insert(w, "a")
                        .flatMap(v -> Uni.createFrom().failure(new ProblemException(ErrorCode.QUOTA_EXCEEDED, "full"))))
                .await()
                .indefinitely());
        assertEquals(ErrorCode.QUOTA_EXCEEDED, refused.code());
        assertEquals(Map.of(), notes.stored(account));
        assertEquals(1, write(account, "b"));
    }

    @Test
    void a_missing_row_asks_for_a_moment() {
        var refused = refused(AccountId.create());
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertEquals(1, refused.problem().extensions().get("retryAfter"));
    }

    @Test
    void a_write_waits_for_the_news_that_its_account_was_opened() {
        var account = AccountId.create();
        var began = new CompletableFuture<Void>();
        var waiting = fence.write(account, w -> Notes.insert(w, "a"))
                .onSubscription()
                .invoke(() -> began.complete(null))
                .subscribeAsCompletionStage();
        began.join();
        pool.withTransaction(c -> fence.open(c, account)).await().indefinitely();
        waiting.join();
        assertEquals(Map.of("a", 1L), notes.stored(account));
    }

    @Test
    void a_tombstone_is_not_found_and_cannot_be_opened_again() {
        var account = application.opened();
        pool.withTransaction(c -> fences.reset(c, account, FenceMode.NONE, 5, 0))
                .await()
                .indefinitely();
        assertEquals(ErrorCode.NOT_FOUND, refused(account).code());
        assertEquals(
                false, pool.withTransaction(c -> fence.open(c, account)).await().indefinitely());
        assertEquals(FenceMode.NONE, application.mode(account));
    }

    @Test
    void an_account_that_lives_elsewhere_is_misdirected() {
        var account = AccountId.create();
        residencies
                .learn(TestRegions.sign(
                        TestRegions.CN,
                        new JsonObject()
                                .put("accountId", account.toString())
                                .put("home", TestRegions.SG)
                                .put("epoch", 4)
                                .put("from", TestRegions.CN)
                                .put("at", Instant.now().toString())))
                .await()
                .indefinitely();
        var refused = refused(account);
        assertEquals(ErrorCode.WRONG_REGION, refused.code());
        assertEquals(TestRegions.SG, refused.problem().extensions().get("homeRegion"));
        assertEquals(
                "https://ap-southeast.test/backup",
                refused.problem().extensions().get("location"));
    }

    @Test
    void a_frozen_account_is_refused_after_the_deadline_and_a_waiting_write_goes_on_when_it_thaws() {
        var account = application.opened();
        mode(account, FenceMode.FROZEN, 2);
        var refused = refused(account);
        assertEquals(ErrorCode.ACCOUNT_FROZEN, refused.code());
        assertEquals(503, refused.problem().status());
        assertEquals(1, refused.problem().extensions().get("retryAfter"));

        var waiting = notes.write(account, "later").subscribeAsCompletionStage();
        mode(account, FenceMode.OWN, 3);
        assertEquals(1, waiting.orTimeout(5, TimeUnit.SECONDS).join());
    }

    @Test
    void an_intent_left_by_a_stale_freeze_holds_nobody() {
        var account = application.opened();
        fences.intend(pool, account, 5).await().indefinitely();
        mode(account, FenceMode.OWN, 7);
        assertEquals(1, write(account, "a"));
    }

    @Test
    void consent_is_asked_in_the_same_transaction() {
        var account = application.opened();
        var refused = assertThrows(
                ProblemException.class, () -> fence.write(account, Feature.BACKUP, w -> Notes.insert(w, "a"))
                        .await()
                        .indefinitely());
        assertEquals(ErrorCode.CONSENT_REQUIRED, refused.code());

        application.topics().send(Topics.CONSENT_STATE, account, Topics.CONSENT_STATE_V1, consents(account, 1, true));
        Wait.until("the consent arrives", () -> granted(account));
        assertEquals(
                1,
                fence.write(account, Feature.BACKUP, w -> Notes.insert(w, "a"))
                        .await()
                        .indefinitely());

        application.topics().send(Topics.CONSENT_STATE, account, Topics.CONSENT_STATE_V1, consents(account, 2, false));
        application.topics().send(Topics.CONSENT_STATE, account, Topics.CONSENT_STATE_V1, consents(account, 1, true));
        Wait.until("the withdrawal arrives", () -> !granted(account));
    }

    @Test
    void writes_of_several_accounts_share_a_transaction_without_those_that_would_have_to_wait() {
        var first = application.opened();
        var second = application.opened();
        var frozen = application.opened();
        mode(frozen, FenceMode.FROZEN, 2);
        var held = application.opened();
        var holds = new CompletableFuture<Void>();
        var released = new CompletableFuture<Void>();
        var holder = fence.write(held, w -> {
                    holds.complete(null);
                    return Uni.createFrom().completionStage(released).chain(() -> Notes.insert(w, "a"));
                })
                .subscribeAsCompletionStage();
        holds.join();
        pool.preparedQuery("insert into consent_projection (account_id, version, epoch, features)"
                        + " values ($1, 1, 1, '{\"backup\": {\"granted\": true, \"policyVersion\": \"2026-01\"}}')")
                .execute(Tuple.of(second.value()))
                .await()
                .indefinitely();
        var writes = new TreeMap<>(Map.of(first, 3, second, 1, frozen, 1, held, 1, AccountId.create(), 1));

        assertThrows(IllegalStateException.class, () -> fence.writeTogether(
                        writes, Feature.BACKUP, group -> Uni.createFrom().failure(new IllegalStateException("undone")))
                .await()
                .indefinitely());
        var passed = fence.writeTogether(
                        writes, Feature.BACKUP, group -> Uni.createFrom().item(group.passed()))
                .await()
                .indefinitely();

        assertEquals(Map.of(first, new Passed(3, false), second, new Passed(1, true)), passed);
        released.complete(null);
        assertEquals(1, holder.join());
        assertEquals(4, write(first, "a"));
    }

    @Test
    void a_write_waits_for_a_consent_given_a_moment_ago() {
        var account = application.opened();
        var waiting =
                fence.write(account, Feature.BACKUP, w -> Notes.insert(w, "a")).subscribeAsCompletionStage();
        pool.preparedQuery("insert into consent_projection (account_id, version, epoch, features)"
                        + " values ($1, 1, 1, '{\"backup\": {\"granted\": true, \"policyVersion\": \"2026-01\"}}')")
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely();
        assertEquals(1, waiting.join());
    }

    @Test
    void a_caller_that_goes_away_does_not_undo_its_write() {
        var account = application.opened();
        for (int i = 0; i < 60; i++) {
            notes.write(account, "n" + i).subscribe().with(v -> {}).cancel();
        }
        Wait.until("all 60 are there", () -> notes.stored(account).size() == 60);
    }

    @Test
    void every_acknowledged_write_of_32_writers_is_in_the_sealed_set() throws Exception {
        var account = application.opened();
        var acknowledged = new ConcurrentHashMap<String, Long>();
        var refusals = new ConcurrentHashMap<String, ErrorCode>();
        var stop = new AtomicBoolean();
        var futures = new ArrayList<Future<?>>();
        var frozen = new HashMap<String, Long>();
        try (var threads = Executors.newFixedThreadPool(WRITERS)) {
            for (int w = 0; w < WRITERS; w++) {
                var writer = w;
                futures.add(threads.submit(() -> {
                    for (int i = 0; !stop.get(); i++) {
                        var id = writer + "-" + i;
                        try {
                            acknowledged.put(id, write(account, id));
                        } catch (ProblemException e) {
                            refusals.put(id, e.code());
                        }
                    }
                }));
            }
            Wait.until("writes flow", () -> acknowledged.size() > 500);
            var ordered = Instant.now();
            var sent = System.nanoTime();
            application.order(command(FenceOperation.FREEZE, account, 2, 0));
            application.becomes(account, FenceMode.FROZEN);
            LOG.infof("freeze with %d writers: ordered to frozen in %d ms", WRITERS, millis(sent));
            frozen.putAll(notes.stored(account));
            var ack = application.done(account, FenceMode.FROZEN, 2);
            LOG.infof("freeze with %d writers: ordered to sealed in %d ms", WRITERS, millis(sent));
            LOG.infof(
                    "freeze with %d writers: ordered to the row's own time in %d ms",
                    WRITERS,
                    Duration.between(ordered, Instant.parse(ack.getString("at")))
                            .toMillis());
            assertEquals(frozen.size(), manifest(ack).classes().get("notes").count());
            assertEquals(
                    frozen.values().stream().mapToLong(v -> v).max().orElseThrow(),
                    manifest(ack).counter());
            Wait.until("writes are refused after the deadline", () -> !refusals.isEmpty());
            assertEquals(frozen, notes.stored(account));
            stop.set(true);
            application.order(command(FenceOperation.ACTIVATE, account, 3, 0));
            application.done(account, FenceMode.OWN, 3);
            for (var future : futures) {
                future.get(10, TimeUnit.SECONDS);
            }
        }
        assertTrue(refusals.values().stream().allMatch(c -> c == ErrorCode.ACCOUNT_FROZEN));
        assertEquals(new TreeSet<>(acknowledged.values()).size(), acknowledged.size(), "a version was given twice");
        assertEquals(
                new TreeSet<>(notes.stored(account).entrySet().stream()
                        .map(Map.Entry::getKey)
                        .toList()),
                new TreeSet<>(acknowledged.keySet()));
        assertEquals(
                LongStream.rangeClosed(1, acknowledged.size()).boxed().toList(),
                acknowledged.values().stream().sorted().toList());
        assertEquals(acknowledged.size() + 1L, write(account, "after"));
    }

    private static long millis(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toMillis();
    }

    private static Manifest manifest(JsonObject ack) {
        return ack.getJsonObject("manifest").mapTo(Manifest.class);
    }

    private static JsonObject consents(AccountId account, long version, boolean granted) {
        return new JsonObject()
                .put("accountId", account.toString())
                .put("version", version)
                .put("epoch", 1)
                .put(
                        "features",
                        new JsonObject()
                                .put(
                                        "backup",
                                        new JsonObject().put("granted", granted).put("policyVersion", "2026-01")));
    }

    private boolean granted(AccountId account) {
        return application.count(
                        "select count(*) from consent_projection where account_id = $1 and (features -> 'backup' ->>"
                                + " 'granted')::boolean",
                        account)
                == 1;
    }

    private void mode(AccountId account, FenceMode mode, long epoch) {
        pool.withTransaction(c -> fences.change(c, account, mode, epoch))
                .await()
                .indefinitely();
    }

    private long write(AccountId account, String id) {
        return notes.write(account, id).await().atMost(Duration.ofSeconds(10));
    }

    private ProblemException refused(AccountId account) {
        return assertThrows(ProblemException.class, () -> write(account, "refused"));
    }
}
