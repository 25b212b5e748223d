package org.domicile.migration.move;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;

/** Counts moves by the state that they enter, never by account. */
@ApplicationScoped
public class MoveMetrics {
    private final MeterRegistry registry;
    private final Timer pauses;

    @Inject
    public MoveMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.pauses = Timer.builder("domicile.move.write.pause")
                .description("Source FROZEN commit to target OWN commit, the longest of an account's services")
                .publishPercentileHistogram()
                .register(registry);
    }

    /** Every state is counted from 0: an alarm sees the first quarantine too. */
    void start(@Observes StartupEvent event) {
        for (var state : MoveState.values()) {
            counter(state);
        }
    }

    void entered(List<Move> steps) {
        steps.forEach(move -> counter(move.state()).increment());
    }

    private Counter counter(MoveState state) {
        return registry.counter("domicile.moves.entered", "state", state.name());
    }

    /** @param pause source FROZEN commit to target OWN commit, the longest of an account's services */
    public void writePause(Duration pause) {
        pauses.record(pause);
    }
}
