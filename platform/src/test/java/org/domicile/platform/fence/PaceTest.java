package org.domicile.platform.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void the_slower_of_the_two_limits_counts() {
        var pace = new Pace(100L, 1_000L);

        assertEquals(Duration.ofSeconds(2), pace.least(200, 1_000));
        assertEquals(Duration.ofSeconds(3), pace.least(200, 3_000));
        assertEquals(Duration.ofSeconds(2), new Pace(100L, null).least(200, 1_000_000));
        assertEquals(Duration.ZERO, new Pace(null, null).least(200, 1_000_000));
    }
}
