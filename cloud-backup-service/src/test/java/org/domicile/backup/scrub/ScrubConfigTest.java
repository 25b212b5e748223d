package org.domicile.backup.scrub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScrubConfigTest {
    @Test
    void a_sample_is_the_share_of_the_rows_that_reads_all_within_the_time() {
        var hourly = config(Duration.ofHours(1), Duration.ofDays(30));

        assertEquals(1_389, hourly.sampleOf(1_000_000));
        assertEquals(100, hourly.sampleOf(72_000));
        assertEquals(101, hourly.sampleOf(72_001));
    }

    @Test
    void a_sample_has_a_smallest_size_and_is_never_more_than_all() {
        assertEquals(100, config(Duration.ofHours(1), Duration.ofDays(30)).sampleOf(5));
        assertEquals(1_000, config(Duration.ofDays(2), Duration.ofDays(1)).sampleOf(1_000));
    }

    private static ScrubConfig config(Duration every, Duration whole) {
        return new ScrubConfig() {
            @Override
            public Duration every() {
                return every;
            }

            @Override
            public Duration whole() {
                return whole;
            }

            @Override
            public int sample() {
                return 100;
            }

            @Override
            public Duration again() {
                return Duration.ofDays(7);
            }
        };
    }
}
