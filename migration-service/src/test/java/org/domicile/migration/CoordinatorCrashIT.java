package org.domicile.migration;

import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.CLOSED;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.domicile.migration.ack.AckIntake;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.baton.BatonMaker;
import org.domicile.migration.baton.BatonTaker;
import org.domicile.migration.command.CommandOffice;
import org.domicile.migration.directory.DirectoryPublisher;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.directory.KnownHome;
import org.domicile.migration.erasure.ErasureCoordinator;
import org.domicile.migration.law.TransferLaw;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MoveJournal;
import org.domicile.migration.move.MoveMetrics;
import org.domicile.migration.move.MoveRules;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.move.MoveTraces;
import org.domicile.migration.peer.Commits;
import org.domicile.migration.peer.DeliveryStore;
import org.domicile.migration.peer.WireFormat;
import org.domicile.migration.receipt.ReceiptIssuer;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** At every fact the coordinator crashes just before its commit, and a new one that knows nothing but the database goes on. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class CoordinatorCrashIT {
    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    @Inject
    Regions regions;

    @Inject
    MoveRules rules;

    @Inject
    Clock clock;

    @Inject
    DirectoryStore directory;

    @Inject
    DirectoryPublisher publisher;

    @Inject
    KnownHome knownHome;

    @Inject
    MoveStore moves;

    @Inject
    AckStore acks;

    @Inject
    MoveJournal journal;

    @Inject
    CommandOffice office;

    @Inject
    BatonMaker batons;

    @Inject
    ReceiptIssuer receipts;

    @Inject
    DeliveryStore deliveryStore;

    @Inject
    MoveTraces traces;

    @Inject
    Commits commits;

    @Inject
    MoveMetrics metrics;

    @Inject
    WireFormat wire;

    @Inject
    TransferLaw law;

    @Inject
    ErasureCoordinator erasures;

    private final Random order = new Random(Long.getLong("domicile.faults.seed", 1));
    private final List<FenceAck> said = new ArrayList<>();
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
    void the_source_goes_on_after_a_crash_at_every_step() {
        scene.opened("SG");
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);

        facts(Scene.THERE, SHADOW, 2, null);
        scene.awaitState(move, "FENCING");
        facts(Scene.HERE, FROZEN, 3, "abc");
        scene.awaitState(move, "SEALED");
        scene.awaitOrderedThere(FenceOperation.CLOSE, 3);
        facts(Scene.THERE, CLOSED, 3, "abc");

        await("baton", () -> !scene.batonsThere().isEmpty());
        scene.awaitOrderedHere(FenceOperation.KEEP, 4);
        assertEquals(1, scene.batonsThere().size());
        assertEquals(3, scene.orderedHere(FenceOperation.FREEZE, 3).size());
        assertEquals(3, scene.orderedThere(FenceOperation.CLOSE, 3).size());
    }

    @Test
    void the_target_goes_on_after_a_crash_at_every_step() throws Exception {
        var id = UUID.randomUUID();
        scene.order(FenceOperation.SHADOW, 2);
        var baton = scene.baton(id, 4);

        crashThenDo(coordinator -> taker(coordinator).take(baton, Scene.THERE));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        facts(Scene.HERE, OWN, 4, null);
        scene.awaitState(id.toString(), "SOAK");
        scene.endSoak(pool, id);
        scene.awaitOrderedThere(FenceOperation.FEED, 6);
        facts(Scene.THERE, SHADOW, 6, null);
        scene.awaitOrderedThere(FenceOperation.PURGE, 7);
        facts(Scene.THERE, NONE, 7, null);

        scene.awaitState(id.toString(), "ATTESTED");
        assertEquals(2, scene.get(id.toString()).getList("receipts").size());
    }

    @Test
    void an_erasure_goes_on_after_a_crash_at_every_step() {
        scene.opened("SG");
        heard();

        erase();
        scene.awaitOrderedThere(FenceOperation.PURGE, 2);
        purged(2);
    }

    @Test
    void an_erasure_that_ends_a_move_goes_on_after_a_crash_at_every_step() {
        scene.opened("SG");
        heard();
        var move = scene.move();
        scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
        facts(Scene.THERE, SHADOW, 2, null);
        scene.awaitState(move, "FENCING");
        facts(Scene.HERE, FROZEN, 3, "abc");
        scene.awaitState(move, "SEALED");

        erase();
        scene.awaitState(move, "ERASING");
        purged(4);
    }

    private void heard() {
        await(
                "the participants' first word",
                () -> acks.of(pool, scene.account).await().indefinitely().all().size() == Scene.SERVICES.size());
    }

    private void erase() {
        var now = clock.instant();
        var wish = new ErasureCoordinator.Wish(scene.account, UUID.randomUUID(), now, now.plusSeconds(86_400));
        crashThenDo(coordinator -> coordinator.transaction(c -> erasures.erase(c, wish)));
    }

    private void purged(long epoch) {
        scene.awaitOrderedHere(FenceOperation.PURGE, epoch);
        facts(Scene.HERE, NONE, epoch, null);
        facts(Scene.THERE, NONE, epoch, null);

        await("erased", () -> scene.erasures().size() == 2);
        assertEquals("", rows().replaceAll("[0]", ""), "nothing names the account");
    }

    private void facts(String region, FenceMode mode, long epoch, String content) {
        for (var service : Scene.SERVICES) {
            FenceAck ack = scene.ack(region, service, mode, epoch, true, content);
            crashThenDo(coordinator -> intake(coordinator).take(ack));
            said.add(ack);
            sayAgain();
        }
    }

    /** The process died after its commit and before it could say so; and what was said long ago comes again, in any order. */
    private void sayAgain() {
        var late = new ArrayList<>(said);
        Collections.shuffle(late, order);
        late.forEach(ack -> finish(intake(coordinator()).take(ack)));
    }

    private void crashThenDo(Function<MoveCoordinator, Uni<Void>> fact) {
        var before = rows();
        assertThrows(Crash.class, () -> finish(fact.apply(new Doomed())));
        assertEquals(before, rows(), "a crash before the commit leaves nothing behind");
        finish(fact.apply(coordinator()));
    }

    private static void finish(Uni<Void> work) {
        work.await().atMost(Duration.ofSeconds(10));
    }

    private String rows() {
        return pool.preparedQuery("select concat((select d from directory d where account_id = $1), "
                        + "(select string_agg(m::text, ',' order by id) from move m where account_id = $1), "
                        + "(select count(*) from ack where account_id = $1), "
                        + "(select count(*) from command where account_id = $1), "
                        + "(select count(*) from move_step where account_id = $1), "
                        + "(select count(*) from receipt where account_id = $1)) as state")
                .execute(Tuple.of(scene.account.value()))
                .map(found -> found.iterator().next().getString("state"))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private AckIntake intake(MoveCoordinator coordinator) {
        return new AckIntake(regions, directory, acks, deliveryStore, wire, coordinator, erasures);
    }

    private BatonTaker taker(MoveCoordinator coordinator) {
        return new BatonTaker(
                regions, rules, knownHome, directory, publisher, moves, acks, journal, law, clock, office, coordinator);
    }

    private MoveCoordinator coordinator() {
        return new MoveCoordinator(
                commits, regions, rules, clock, directory, moves, acks, journal, office, batons, receipts, metrics,
                traces);
    }

    private static final class Crash extends RuntimeException {}

    /** Does everything but the commit. */
    private final class Doomed extends MoveCoordinator {
        Doomed() {
            super(
                    commits, regions, rules, clock, directory, moves, acks, journal, office, batons, receipts, metrics,
                    traces);
        }

        @Override
        public Uni<Void> transaction(Function<SqlConnection, Uni<List<Move>>> work) {
            return super.transaction(c -> work.apply(c).invoke(steps -> {
                throw new Crash();
            }));
        }
    }
}
