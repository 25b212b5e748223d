package org.domicile.local.bench.messaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.domicile.local.LocalFailure;
import org.junit.jupiter.api.Test;

class MessagingBenchTest {
    @Test
    void numbers_of_connections_are_given_as_numbers_or_as_all_that_the_system_allows() {
        assertArrayEquals(new int[] {10, 500}, MessagingBenchCommand.numbers(List.of("10", "0", "500")));
        assertTrue(MessagingBenchCommand.numbers(List.of("max"))[0] > 0);
        assertThrows(LocalFailure.class, () -> MessagingBenchCommand.numbers(List.of("many")));
    }

    @Test
    void the_table_has_a_line_for_each_measurement() {
        var connections = List.of(new Connections.Result("behind a proxy", 10_000, 9.5, 800, 4.25));
        var systems = List.of(new Load.Result("domicile", "201: committed", 1500, 3000, 900, 450, 4, 15.5));
        var lines = new MessagingResults(2, new double[] {1, 2}, connections, 200, 20_000, systems)
                .table()
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .toList();

        assertTrue(lines.contains("behind a proxy 10000 9.5 800 4.3 s"), lines::toString);
        assertTrue(lines.contains("domicile 1500 3000 900 4.0 15.5 201: committed"), lines::toString);
        assertEquals("2 processors, load average 1.0 before and 2.0 after", lines.getLast());
    }
}
