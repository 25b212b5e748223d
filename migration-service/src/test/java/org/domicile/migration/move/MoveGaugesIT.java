package org.domicile.migration.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.peer.PeerServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves that wait, as the metrics show them. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class MoveGaugesIT {
    private static final double TWO_HOURS = 7_200;

    @Inject
    PeerServer listener;

    @Inject
    MoveGauges gauges;

    @Inject
    MeterRegistry metrics;

    @Inject
    Pool pool;

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
    void a_move_is_counted_in_its_state_and_how_long_it_has_been_there_is_seen() {
        scene.opened("SG");
        var begun = scene.move();
        var move = UUID.fromString(begun);
        scene.awaitState(begun, "COPYING");
        pool.preparedQuery("update move_step set at = at - interval '2 hours' where move_id = $1")
                .executeAndAwait(Tuple.of(move));

        gauges.look().await().indefinitely();

        assertTrue(gauge("domicile.moves", MoveState.COPYING) >= 1);
        assertTrue(gauge("domicile.move.state.age", MoveState.COPYING) >= TWO_HOURS);
        assertEquals(0, gauge("domicile.moves", MoveState.VERIFIED));
        assertEquals(0, gauge("domicile.move.state.age", MoveState.VERIFIED));

        pool.preparedQuery("update move set settled = true where id = $1").executeAndAwait(Tuple.of(move));
        gauges.look().await().indefinitely();
        assertTrue(gauge("domicile.move.state.age", MoveState.COPYING) < TWO_HOURS, "what is settled does not count");
    }

    private double gauge(String name, MoveState state) {
        return metrics.get(name).tag("state", state.name()).gauge().value();
    }
}
