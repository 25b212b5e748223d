package org.domicile.migration.move;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/**
 * How many moves that are not settled are in each state ({@code domicile_moves}), and since when the one is that entered it first
 * ({@code domicile_move_state_age_seconds}; only of states that end by more than time).
 */
@ApplicationScoped
public class MoveGauges {
    private static final Logger LOG = Logger.getLogger(MoveGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final MoveStore moves;
    private final Clock clock;
    private final Look look;
    private final Map<MoveState, Look.Finding> counts = new EnumMap<>(MoveState.class);
    private final Map<MoveState, Look.Finding> ages = new EnumMap<>(MoveState.class);
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    public MoveGauges(Vertx vertx, MoveStore moves, Clock clock, Looks looks) {
        this.vertx = vertx;
        this.moves = moves;
        this.clock = clock;
        this.look = looks.of("moves", EVERY);
        for (var state : MoveState.values()) {
            counts.put(
                    state, look.finding("domicile.moves", null, "Moves that are not settled", "state", state.name()));
            if (!state.waits()) {
                ages.put(
                        state,
                        look.finding(
                                "domicile.move.state.age",
                                "seconds",
                                "Since the first of the moves in this state entered it",
                                "state",
                                state.name()));
            }
        }
    }

    void start(@Observes StartupEvent event) {
        tick();
        vertx.setPeriodic(EVERY.toMillis(), id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        look().onTermination()
                .invoke(() -> busy.set(false))
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf("moves not counted, will try again reason=%s", failure.toString()));
    }

    Uni<Void> look() {
        return moves.byState()
                .flatMap(count -> moves.enteredFirst().invoke(first -> found(count, first)))
                .replaceWithVoid();
    }

    private void found(Map<MoveState, Long> count, Map<MoveState, Instant> first) {
        var now = clock.instant();
        counts.forEach((state, gauge) -> gauge.set(count.getOrDefault(state, 0L)));
        ages.forEach((state, gauge) ->
                gauge.set(Duration.between(first.getOrDefault(state, now), now).toSeconds()));
        look.succeeded();
    }
}
