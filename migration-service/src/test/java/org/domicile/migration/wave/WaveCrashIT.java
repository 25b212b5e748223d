package org.domicile.migration.wave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MovePlanner;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.move.RollbackOutcome;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * At every step of a wave the process that runs it crashes before the commit, and a new one that knows nothing but the database
 * goes on. The service's own runner is kept away by a lease.
 */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class WaveCrashIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    @Inject
    Clock clock;

    @Inject
    WaveStore waves;

    @Inject
    WaveSelection selection;

    @Inject
    Members members;

    @Inject
    WaveJournal journal;

    @Inject
    MovePlanner planner;

    @Inject
    MoveStore moves;

    @Inject
    MoveCoordinator coordinator;

    @Inject
    Waves orders;

    @Inject
    Returning returning;

    @Inject
    RollbackClient homes;

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
    void a_new_process_goes_on_after_a_crash_at_every_step() throws Exception {
        scene.opened("SG");
        var wave = ordered();

        crashThenLook(wave, Crashing.WAVE);
        assertEquals(WaveState.SELECTING, state(wave), "the account is written down, the end not yet seen");
        crashThenLook(wave, Crashing.WAVE);
        assertEquals(WaveState.RUNNING, state(wave));
        crashThenLook(wave, Crashing.MOVE);
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        assertEquals(1, waitFor(moves.of(scene.account)).size(), "the move was begun once");

        scene.moved();
        crashThenLook(wave, Crashing.WAVE);

        assertEquals(WaveState.DONE, state(wave));
        assertEquals(1L, waitFor(members.counts(pool, wave)).get(MemberState.MOVED));
    }

    @Test
    void a_rollback_goes_on_after_a_crash_at_every_step() throws Exception {
        scene.opened("SG");
        var wave = ordered();
        while (state(wave) != WaveState.RUNNING) {
            look(wave, Crashing.NOWHERE);
        }
        look(wave, Crashing.NOWHERE);
        scene.moved();
        look(wave, Crashing.NOWHERE);
        assertEquals(WaveState.DONE, state(wave));
        var asked = new ArrayList<JsonObject>();
        peer.answerRollbacks(order -> {
            asked.add(order);
            return RollbackOutcome.UNDER_WAY;
        });
        waitFor(orders.order(wave, WaveOrder.ROLLBACK));

        crashThenLook(wave, Crashing.ROLLBACK);
        crashThenLook(wave, Crashing.WAVE);
        assertEquals(
                1,
                asked.stream().map(o -> o.getString("rollbackId")).distinct().count(),
                "one rollback, however often asked");
        peer.answerRollbacks(order -> RollbackOutcome.FAILED);
        crashThenLook(wave, Crashing.ROLLBACK);
        assertEquals(1L, waitFor(members.counts(pool, wave)).get(MemberState.ROLLBACK_FAILED));
        crashThenLook(wave, Crashing.WAVE);
        assertEquals(WaveState.ROLLBACK_HALTED, state(wave));
        peer.answerRollbacks(order -> {
            asked.add(order);
            return RollbackOutcome.UNDER_WAY;
        });
        waitFor(orders.order(wave, WaveOrder.RESUME));
        crashThenLook(wave, Crashing.ROLLBACK);
        assertEquals(
                2, asked.stream().map(o -> o.getString("rollbackId")).distinct().count(), "another attempt");
        scene.back(asked.getLast());
        crashThenLook(wave, Crashing.WAVE);

        assertEquals(WaveState.ROLLED_BACK, state(wave));
        assertEquals(1L, waitFor(members.counts(pool, wave)).get(MemberState.ROLLED_BACK));
    }

    private UUID ordered() {
        var id = UUID.randomUUID();
        var selector = new WaveSpec.Selector(null, null, List.of(scene.account), null, null, null);
        var spec = new WaveSpec("crash", selector, Scene.THERE, null, 1, null, 0, null);
        waitFor(pool.withTransaction(c -> waves.insert(c, Wave.ordered(id, spec, "operator", clock.instant()))
                .chain(() -> c.preparedQuery(
                                "update wave set lease_owner = $2, lease_until = now() + interval '1 hour' where id ="
                                        + " $1")
                        .execute(Tuple.of(id, UUID.randomUUID())))));
        return id;
    }

    private void crashThenLook(UUID wave, Crashing where) {
        var before = rows(wave);
        assertThrows(Crash.class, () -> waitFor(new Doomed(where).look(wave)));
        assertEquals(before, rows(wave), "a crash before the commit leaves nothing behind");
        look(wave, Crashing.NOWHERE);
    }

    private void look(UUID wave, Crashing where) {
        waitFor(new Doomed(where).look(wave));
    }

    private WaveState state(UUID wave) {
        return waitFor(waves.find(wave)).orElseThrow().state();
    }

    /** All that a look writes, but for when its pace was measured last: that is a commit of its own, every two seconds. */
    private String rows(UUID wave) {
        return waitFor(pool.preparedQuery(
                        "select concat((select to_jsonb(w) - 'adjusted_at' from wave w where id = $1), (select string_agg(a::text, ',' order by"
                                + " account_id) from wave_account a where wave_id = $1), (select count(*) from wave_step"
                                + " where wave_id = $1), (select count(*) from move where account_id = $2)) as state")
                .execute(Tuple.of(wave, scene.account.value()))
                .map(found -> found.iterator().next().getString("state")));
    }

    private static <T> T waitFor(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    private static final class Crash extends RuntimeException {}

    private enum Crashing {
        WAVE,
        MOVE,
        ROLLBACK,
        NOWHERE;

        void crashIf(Crashing where) {
            if (this == where) {
                throw new Crash();
            }
        }
    }

    /** Does everything but one kind of commit. */
    private final class Doomed extends WaveRunner {
        private final Crashing where;

        Doomed(Crashing where) {
            super(
                    pool,
                    clock,
                    waves,
                    selection,
                    members,
                    journal,
                    planner,
                    moves,
                    coordinator,
                    new DoomedRollback(where));
            this.where = where;
        }

        @Override
        Uni<Look> transaction(Function<SqlConnection, Uni<Look>> work) {
            return super.transaction(c -> work.apply(c).invoke(look -> Crashing.WAVE.crashIf(where)));
        }

        @Override
        Uni<Void> stumbled(Wave wave, AccountId account, Throwable failure) {
            return Uni.createFrom().failure(failure);
        }

        @Override
        Uni<Void> coordination(Function<SqlConnection, Uni<List<Move>>> work) {
            return super.coordination(c -> work.apply(c).invoke(steps -> Crashing.MOVE.crashIf(where)));
        }
    }

    /** The same for what a rollback writes down. */
    private final class DoomedRollback extends WaveRollback {
        private final Crashing where;

        DoomedRollback(Crashing where) {
            super(pool, clock, waves, returning, homes);
            this.where = where;
        }

        @Override
        Uni<Void> transaction(Function<SqlConnection, Uni<Void>> work) {
            return super.transaction(c -> work.apply(c).invoke(() -> Crashing.ROLLBACK.crashIf(where)));
        }
    }
}
