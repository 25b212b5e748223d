package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rate is that of the last reports, and the time left follows from it once the total is known. */
class ProgressMeterTest {
    private static final int MIB = 1 << 20;

    private final MovedClock clock = new MovedClock();
    private final List<Progress> told = new ArrayList<>();
    private final ProgressMeter meter = new ProgressMeter(told::add, clock);

    @Test
    void a_steady_rate_gives_the_time_left_once_all_is_counted() {
        meter.expect(2, 100L * MIB);
        second(4 * MIB);
        assertEquals(4L * MIB, meter.now().rate());
        assertEquals(Optional.empty(), meter.now().remaining(), "it is still being counted");

        meter.counted();

        assertEquals(Optional.of(Duration.ofSeconds(24)), meter.now().remaining());
        assertEquals(Duration.ofSeconds(1), meter.now().elapsed());
    }

    @Test
    void the_rate_follows_what_happened_lately() {
        meter.expect(1, 1000L * MIB);
        meter.counted();
        for (int i = 0; i < 100; i++) {
            second(2 * MIB);
        }
        for (int i = 0; i < 100; i++) {
            second(MIB);
        }

        assertEquals(MIB, meter.now().rate());
        assertEquals(Optional.of(Duration.ofSeconds(700)), meter.now().remaining());
    }

    @Test
    void nothing_is_left_at_the_end_and_no_time_is_named_without_a_rate() {
        meter.expect(1, 3L * MIB);
        meter.counted();
        assertEquals(Optional.empty(), meter.now().remaining());

        second(3 * MIB);
        meter.file();
        meter.finish();

        assertEquals(Optional.of(Duration.ZERO), told.get(told.size() - 1).remaining());
        assertEquals(1, told.get(told.size() - 1).doneFiles());
    }

    @Test
    void a_listener_is_told_five_times_a_second_at_most() {
        clock.move(Duration.ofSeconds(1));
        for (int i = 0; i < 1_000; i++) {
            meter.bytes(1);
            clock.move(Duration.ofMillis(1));
        }

        assertEquals(5, told.size());
        assertEquals(1_000, meter.now().doneBytes());
    }

    private void second(int bytes) {
        clock.move(Duration.ofSeconds(1));
        meter.bytes(bytes);
    }

    private static final class MovedClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void move(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
