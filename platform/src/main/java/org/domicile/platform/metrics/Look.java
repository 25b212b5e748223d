package org.domicile.platform.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A look at a database or another service, done again and again, that fills gauges. They are NaN, which no alert mistakes for nothing,
 * until it has succeeded once, and keep their values when it fails. So it says itself how old they are:
 * {@code domicile_look_age_seconds}, since it last succeeded or else since the start, beside {@code domicile_look_limit_seconds}, above
 * which somebody is told. One without gauges only sees whether what it looks at is there.
 */
public final class Look {
    private final MeterRegistry metrics;
    private final Clock clock;
    private volatile Instant succeeded;

    Look(MeterRegistry metrics, Clock clock, String name, Duration limit) {
        this.metrics = metrics;
        this.clock = clock;
        this.succeeded = clock.instant();
        Gauge.builder("domicile.look.age", this, Look::age)
                .tag("look", name)
                .baseUnit("seconds")
                .description("Since it was last looked at successfully")
                .strongReference(true)
                .register(metrics);
        Gauge.builder("domicile.look.limit", limit::toSeconds)
                .tag("look", name)
                .baseUnit("seconds")
                .description("The longest that it may be since then")
                .register(metrics);
    }

    /**
     * A gauge of what this look finds.
     *
     * @param unit null for a number of things
     */
    public Finding finding(String name, String unit, String description, String... tags) {
        var finding = new Finding();
        Gauge.builder(name, finding, Finding::value)
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .strongReference(true)
                .register(metrics);
        return finding;
    }

    /** All that it finds has been set. */
    public void succeeded() {
        succeeded = clock.instant();
    }

    private double age() {
        return Duration.between(succeeded, clock.instant()).toMillis() / 1e3;
    }

    /** What was found last; NaN before. */
    public static final class Finding {
        private volatile double value = Double.NaN;

        private Finding() {}

        public void set(double found) {
            value = found;
        }

        private double value() {
            return value;
        }
    }
}
