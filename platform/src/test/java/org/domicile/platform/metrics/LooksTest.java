package org.domicile.platform.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LooksTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final Looks looks = new Looks(metrics, new Now());

    @Test
    void a_gauge_is_absent_until_it_was_looked_up_and_keeps_its_value_when_that_fails() {
        var look = looks.of("erasures", Duration.ofSeconds(5));
        var nearest = look.finding("domicile.erasure.deadline", "seconds", "Until the nearest deadline");
        now = now.plusSeconds(40);
        assertEquals(Double.NaN, gauge("domicile.erasure.deadline"));
        assertEquals(40, gauge("domicile.look.age"), "never, since the start");

        nearest.set(86_400);
        look.succeeded();
        now = now.plusSeconds(3_600);

        assertEquals(86_400, gauge("domicile.erasure.deadline"));
        assertEquals(3_600, gauge("domicile.look.age"));
    }

    @Test
    void three_looks_may_fail_or_a_quarter_of_an_hour_pass_before_somebody_is_told() {
        looks.of("erasures", Duration.ofSeconds(5));
        looks.of("keys", Duration.ofHours(1));

        assertEquals(900, limit("erasures"));
        assertEquals(10_800, limit("keys"));
    }

    private double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    private double limit(String look) {
        return metrics.get("domicile.look.limit").tag("look", look).gauge().value();
    }

    private final class Now extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
