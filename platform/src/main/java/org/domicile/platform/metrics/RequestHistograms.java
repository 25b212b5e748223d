package org.domicile.platform.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;

/** Request durations in buckets, so that percentiles can be taken over all instances of a service. */
@Singleton
public class RequestHistograms {
    private static final String REQUESTS = "http.server.requests";
    private static final String KIND = "kind";
    private static final double[] BOUNDS =
            nanos(5, 10, 25, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 30_000);

    @Produces
    @Singleton
    MeterFilter requests() {
        return new MeterFilter() {
            /** Of a request that its client broke off nobody has said the kind, and all meters of a name need the same labels. */
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals(REQUESTS) && id.getTag(KIND) == null
                        ? id.withTag(Tag.of(KIND, "reset"))
                        : id;
            }

            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(REQUESTS)
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(BOUNDS)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }

    private static double[] nanos(long... millis) {
        return Arrays.stream(millis)
                .mapToDouble(m -> Duration.ofMillis(m).toNanos())
                .toArray();
    }
}
