package org.domicile.local.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.domicile.local.LocalFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LargeBenchTest {
    @Test
    void accounts_and_sizes_are_read_as_people_write_them() {
        assertEquals(new LargePlan(20, 200L << 20), LargePlan.parse(LargePlan.FULL));
        assertEquals(new LargePlan(2, 20L << 20), LargePlan.parse("2x20M"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "x200m", "20x", "0x200m", "20x0m", "20x200", "20x200g", "-1x5m"})
    void anything_else_is_refused(String text) {
        assertThrows(LocalFailure.class, () -> LargePlan.parse(text));
    }

    @Test
    void without_a_value_it_is_the_size_of_the_bar() {
        assertEquals(LargePlan.FULL, given("--large"));
        assertEquals("2x20m", given("--large", "2x20m"));
        assertEquals(LargePlan.FULL, given("--large", "--json"));
    }

    @Test
    void the_ratio_is_to_the_faster_copy_and_a_missed_bar_is_marked() throws Exception {
        var met = results(12.0);
        assertEquals(1.2, met.ratio(), 1e-9);
        assertTrue(met.table().contains("ratio 1.20 (bar 1.3)"), met.table());
        assertTrue(met.table().contains("20 accounts of 200 MiB"), met.table());
        assertTrue(met.table().contains("333.3"), met.table());
        assertFalse(met.table().contains("missed"), met.table());
        assertTrue(results(14.0).table().contains("ratio 1.40 (bar 1.3, missed)"));
        assertEquals(
                8.0, new ObjectMapper().valueToTree(met).at("/peers/1/objects").asDouble());
    }

    private static LargeResults results(double seconds) {
        return new LargeResults(
                2,
                List.of(0.1, 2.0),
                20,
                200L << 20,
                20,
                seconds,
                List.of(new LargeResults.Peer(1, 12), new LargeResults.Peer(2, 8)));
    }

    private static Object given(String... arguments) {
        return new CommandLine(new MigrationBenchCommand()).parseArgs(arguments).matchedOptionValue("--large", null);
    }
}
