package org.domicile.migration.wave;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdlenessTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final Idleness idleness = new Idleness(Duration.ofSeconds(60), START);

    @Test
    void a_process_that_finds_nothing_to_do_ends_after_its_time() {
        assertFalse(idleness.isOver(false, START.plusSeconds(59)));
        assertTrue(idleness.isOver(false, START.plusSeconds(60)));
    }

    @Test
    void a_wave_under_way_begins_the_time_again() {
        assertFalse(idleness.isOver(true, START.plusSeconds(300)));
        assertFalse(idleness.isOver(false, START.plusSeconds(359)));
        assertTrue(idleness.isOver(false, START.plusSeconds(360)));
    }
}
