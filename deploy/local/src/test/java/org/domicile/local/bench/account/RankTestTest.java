package org.domicile.local.bench.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankTestTest {
    private final Random random = new Random(3);

    @Test
    void ranks_are_those_of_the_textbook() {
        // u = 15 of 36 pairs; its variance is 6 * 6 * 13 / 12 = 39
        var test = RankTest.of(List.of(1.0, 4.0, 5.0, 7.0, 9.0, 10.0), List.of(2.0, 3.0, 6.0, 8.0, 11.0, 12.0));

        assertEquals(15 / 36.0, test.guess(), 1e-9);
        assertEquals((15 - 18) / Math.sqrt(39), test.z(), 1e-9);
    }

    @Test
    void equal_times_count_half() {
        var test = RankTest.of(List.of(1.0, 1.0, 1.0), List.of(1.0, 1.0, 1.0));

        assertEquals(0.5, test.guess(), 1e-9);
        assertEquals(0, test.z(), 1e-9);
    }

    @Test
    void a_difference_of_a_tenth_of_the_spread_is_found_in_five_thousand_samples() {
        assertTrue(Math.abs(RankTest.of(times(0), times(0)).z()) < 3);
        assertTrue(RankTest.of(times(0.1), times(0)).z() > 3);
    }

    @Test
    void percentiles_are_values_that_were_measured() {
        var values = IntStream.rangeClosed(1, 200).mapToObj(i -> (double) i).toList();

        assertEquals(100, RankTest.percentile(values, 50));
        assertEquals(198, RankTest.percentile(values, 99));
        assertEquals(7, RankTest.percentile(List.of(7.0), 99));
    }

    private List<Double> times(double later) {
        return IntStream.range(0, 5_000)
                .mapToObj(i -> 20 + later + random.nextGaussian())
                .toList();
    }
}
