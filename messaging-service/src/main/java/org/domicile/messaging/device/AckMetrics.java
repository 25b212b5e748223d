package org.domicile.messaging.device;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What devices have acknowledged, by code, and what of it is stored still, also after their connections have ended. */
@ApplicationScoped
public class AckMetrics {
    private final Set<Acknowledged> undeleted = ConcurrentHashMap.newKeySet();
    private final Map<AckCode, Counter> counters = new EnumMap<>(AckCode.class);
    private final MeterRegistry metrics;
    private final Clock clock;

    @Inject
    public AckMetrics(MeterRegistry metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    AckMetrics() {
        this(null, null);
    }

    /** The first look at the metrics comes before the first acknowledgement. */
    void register(@Observes StartupEvent event) {
        for (var code : AckCode.values()) {
            counters.put(
                    code,
                    Counter.builder("domicile.messaging.acks")
                            .tag("code", Integer.toString(code.code()))
                            .description("Messages that devices have acknowledged")
                            .register(metrics));
        }
        Gauge.builder("domicile.messaging.delivered.oldest", this, AckMetrics::oldestSeconds)
                .baseUnit("seconds")
                .description("Age of the oldest message that a device has acknowledged and that is stored still")
                .register(metrics);
    }

    void count(AckCode code) {
        counters.get(code).increment();
    }

    void owes(Acknowledged acknowledged) {
        undeleted.add(acknowledged);
    }

    void settled(Acknowledged acknowledged) {
        undeleted.remove(acknowledged);
    }

    private double oldestSeconds() {
        var now = clock.instant();
        return undeleted.stream()
                .flatMap(acknowledged -> acknowledged.oldest().stream())
                .min(Instant::compareTo)
                .map(oldest -> Duration.between(oldest, now).toMillis() / 1e3)
                .orElse(0.0);
    }
}
