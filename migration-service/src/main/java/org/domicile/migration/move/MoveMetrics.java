package org.domicile.migration.move;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;

/** Counts moves by the state that they enter, never by account. */
@ApplicationScoped
public class MoveMetrics {
    private final MeterRegistry registry;

    @Inject
    public MoveMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void entered(List<Move> steps) {
        steps.forEach(move -> registry.counter(
                        "domicile.moves.entered", "state", move.state().name())
                .increment());
    }

    /** @param pause source FROZEN commit to target OWN commit, the longest of an account's services */
    public void writePause(Duration pause) {
        Timer.builder("domicile.move.write.pause")
                .publishPercentileHistogram()
                .register(registry)
                .record(pause);
    }
}
