package org.domicile.platform.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Counts the records that this service could not take: {@code domicile_dead_letters_total}, from 0, so that the first one is seen. */
@ApplicationScoped
class DeadLetters {
    void start(@Observes StartupEvent event) {
        counter();
    }

    static void count() {
        counter().increment();
    }

    private static Counter counter() {
        return Metrics.counter("domicile.dead.letters");
    }
}
