package org.domicile.backup.blob;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.metrics.BackupMetrics;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.turn.TurnStore;
import org.domicile.backup.turn.Turns;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bucket is swept by one instance at a time, and a sweep that is ended in the middle goes on from where it was. */
@QuarkusTest
@TestProfile(LeftoversIT.ShortClocks.class)
class SweepTurnsIT extends BackupTest {
    private static final int PAGE = 1_000;

    @Inject
    ObjectStore objects;

    @Inject
    BackupConfig config;

    @Inject
    BackupMetrics metrics;

    @Inject
    TurnStore store;

    private final Clock clock = Clock.systemUTC();
    private final Clock later = Clock.offset(clock, Duration.ofMinutes(4));
    private final String root = "sweep-" + UUID.randomUUID() + "/";

    @BeforeEach
    void nobody_has_a_turn() {
        pool.query("delete from turns").executeAndAwait();
    }

    @Test
    void two_instances_do_not_sweep_at_once() throws IOException {
        seed(3);
        var gate = new CompletableFuture<Void>();
        var one = new Listed(page -> Uni.createFrom().completionStage(gate));
        var other = new Listed(page -> Uni.createFrom().voidItem());
        var sweeping = sweep(one, clock).sweep().subscribeAsCompletionStage();
        await().until(() -> one.pages.get() == 1);

        assertEquals(0, sweep(other, clock).sweep().await().indefinitely());
        assertEquals(0, other.pages.get());

        gate.complete(null);
        sweeping.join();
        sweep(other, clock).sweep().await().indefinitely();
        assertEquals(1, other.pages.get());
    }

    @Test
    void a_sweep_that_fails_in_the_middle_goes_on_from_there_in_another_instance() throws IOException {
        seed(2 * PAGE + 500);
        var broken = new Listed(page -> page == 2
                ? Uni.createFrom().failure(new IllegalStateException("ended"))
                : Uni.createFrom().voidItem());
        var next = new Listed(page -> Uni.createFrom().voidItem());
        assertThrows(
                IllegalStateException.class,
                () -> sweep(broken, clock).sweep().await().indefinitely());

        sweep(next, clock).sweep().await().indefinitely();

        assertGoesOn(broken, next);
        next.seen.clear();
        sweep(next, clock).sweep().await().indefinitely();
        assertEquals(2 * PAGE + 500, next.seen.size(), "the next sweep begins at the beginning");
    }

    @Test
    void the_turn_of_an_instance_that_stopped_in_the_middle_passes_on_after_its_lease() throws IOException {
        seed(2 * PAGE + 500);
        var gate = new CompletableFuture<Void>();
        var killed = new Listed(page -> page == 2
                ? Uni.createFrom().completionStage(gate)
                : Uni.createFrom().voidItem());
        var next = new Listed(page -> Uni.createFrom().voidItem());
        var sweeping = sweep(killed, clock).sweep().subscribeAsCompletionStage();
        await().until(() -> killed.pages.get() == 2);

        sweep(next, later).sweep().await().indefinitely();

        assertGoesOn(killed, next);
        gate.complete(null);
        assertThrows(CompletionException.class, sweeping::join, "it has lost its turn");
    }

    @Test
    void work_is_due_again_after_its_interval() {
        var work = UUID.randomUUID().toString();
        var done = new AtomicInteger();

        for (var now : List.of(clock, clock, later)) {
            new Turns(store, now)
                    .take(work, Duration.ofMinutes(3), turn -> Uni.createFrom().item(done::incrementAndGet))
                    .await()
                    .indefinitely();
        }

        assertEquals(2, done.get());
    }

    private static void assertGoesOn(Listed first, Listed next) {
        assertEquals(PAGE + 500, next.seen.size());
        var firstPage = first.seen.subList(0, PAGE);
        assertTrue(Collections.disjoint(firstPage, next.seen));
    }

    private OrphanSweep sweep(StoredKind kind, Clock at) {
        return new OrphanSweep(List.of(kind), objects, config, new Turns(store, at), metrics, at);
    }

    private void seed(int count) throws IOException {
        var folder = Files.createDirectories(S3ProxyResource.objects()
                .resolve(config.bucket())
                .resolve(root)
                .resolve(AccountId.create().toString()));
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve(UUID.randomUUID().toString()), new byte[1]);
        }
    }

    /** Objects that a row names, all of them: none is deleted. */
    private final class Listed implements StoredKind {
        private final IntFunction<Uni<Void>> before;
        private final AtomicInteger pages = new AtomicInteger();
        private final List<UUID> seen = new CopyOnWriteArrayList<>();

        /** @param before what an answer about a page, of which the first is 1, waits for */
        Listed(IntFunction<Uni<Void>> before) {
            this.before = before;
        }

        @Override
        public String root() {
            return root;
        }

        @Override
        public Uni<Long> endUploads(Instant now) {
            return Uni.createFrom().item(0L);
        }

        @Override
        public Uni<List<AccountId>> accountsWithTrash(Instant past, Instant whileMoved) {
            return Uni.createFrom().item(List.of());
        }

        @Override
        public Uni<Purged> purge(FencedWrite write, Instant past) {
            return Uni.createFrom().item(new Purged(0, List.of(), false));
        }

        @Override
        public Uni<List<UUID>> named(AccountId account, List<UUID> generations) {
            seen.addAll(generations);
            return before.apply(pages.incrementAndGet()).replaceWith(generations);
        }
    }
}
