package org.domicile.migration.wave;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/** How many waves that have not ended are in each state: {@code domicile_waves}. */
@ApplicationScoped
public class WaveGauges {
    private static final Logger LOG = Logger.getLogger(WaveGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final WaveStore waves;
    private final Look look;
    private final Map<WaveState, Look.Finding> counts = new EnumMap<>(WaveState.class);
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    public WaveGauges(Vertx vertx, WaveStore waves, Looks looks) {
        this.vertx = vertx;
        this.waves = waves;
        this.look = looks.of("waves", EVERY);
        for (var state : WaveState.values()) {
            if (!state.ended()) {
                counts.put(
                        state,
                        look.finding("domicile.waves", null, "Waves that have not ended", "state", state.name()));
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
                        failure -> LOG.warnf("waves not counted, will try again reason=%s", failure.toString()));
    }

    /** Counts them now. */
    public Uni<Void> look() {
        return waves.byState().invoke(this::found).replaceWithVoid();
    }

    private void found(Map<WaveState, Long> count) {
        counts.forEach((state, gauge) -> gauge.set(count.getOrDefault(state, 0L)));
        look.succeeded();
    }
}
