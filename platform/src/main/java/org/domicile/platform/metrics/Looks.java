package org.domicile.platform.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;

/** Makes every {@link Look} at a database that fills gauges, so that each of them also says how old it is. */
@ApplicationScoped
public class Looks {
    private static final int MISSED = 3;
    private static final Duration LEAST = Duration.ofMinutes(15);

    private final MeterRegistry metrics;
    private final Clock clock;

    @Inject
    public Looks(MeterRegistry metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    Looks() {
        this(null, null);
    }

    /**
     * @param name one for each place that looks
     * @param every how often it is done
     */
    public Look of(String name, Duration every) {
        var missed = every.multipliedBy(MISSED);
        return new Look(metrics, clock, name, missed.compareTo(LEAST) > 0 ? missed : LEAST);
    }
}
