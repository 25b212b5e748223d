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
        var memory = new Connections.Memory(9.5, 12.25, 5.3);
        var connections = List.of(new Connections.Result("behind a proxy", 10_000, memory, 800, 4.25));
        var lines = lines(connections, List.of(List.of(system("domicile", 1500, 15.5))));

        assertTrue(lines.contains("behind a proxy 10000 9.5 12.3 5.3 800 4.3 s"), lines::toString);
        assertTrue(lines.contains("1 domicile 1500 3000 900 4.0 15.5 201: committed"), lines::toString);
        assertEquals("2 processors, load average 1.0 before and 2.0 after", lines.getLast());
    }

    @Test
    void what_is_stored_is_compared_within_each_round() {
        var lines = lines(
                List.of(),
                List.of(
                        List.of(system("domicile", 3000, 10), system("ejabberd", 1000, 80)),
                        List.of(system("ejabberd", 2000, 80), system("domicile", 1000, 30)),
                        List.of(system("domicile", 1000, 20), system("ejabberd", 500, 80)),
                        List.of(system("domicile", 900, 40))));

        assertTrue(
                lines.contains(
                        "stored/s, times those of ejabberd in 3 rounds: median 2.00, minimum 0.50, maximum 3.00"),
                lines::toString);
        assertTrue(
                lines.contains("p99 ms of domicile in 4 rounds: median 25.00, minimum 10.00, maximum 40.00"),
                lines::toString);
    }

    @Test
    void a_connection_s_memory_is_told_beside_the_warm_process_and_beside_the_fresh_one() {
        var memory = Connections.Memory.each(
                100,
                new OwnInstance.Memory(100_000, 40_000),
                new OwnInstance.Memory(101_000, 40_500),
                new OwnInstance.Memory(101_800, 41_000));

        assertEquals(new Connections.Memory(8, 18, 5), memory);
    }

    @Test
    void the_live_bytes_are_the_sum_of_the_histogram() {
        assertEquals(56_789, OwnInstance.liveBytes("""
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:           100           5000  [B (java.base@25)
            Total          1234          56789
            """));
        assertThrows(LocalFailure.class, () -> OwnInstance.liveBytes("AttachNotSupportedException"));
    }

    private static Load.Result system(String name, double stored, double p99) {
        return new Load.Result(name, "201: committed", stored, 3000, 900, 450, 4, p99);
    }

    private static List<String> lines(List<Connections.Result> connections, List<List<Load.Result>> rounds) {
        return new MessagingResults(2, new double[] {1, 2}, connections, 200, 20_000, rounds)
                .table()
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .toList();
    }
}
