package org.domicile.local.bench.start;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.domicile.local.bench.start.StartResults.Row;
import org.domicile.local.home.Packaging;
import org.junit.jupiter.api.Test;

class StartResultsTest {
    @Test
    void a_row_says_the_median_and_how_far_the_starts_were_apart() {
        var row = new Row("account", Packaging.CACHED, List.of(1_300.0, 900.0, 1_100.0), List.of(240.0, 260.0, 250.0));

        var table = new StartResults(2, new double[] {0.1, 1.2}, List.of(row)).table();

        assertTrue(
                table.matches("(?s).*account +cached +1100 +900 to 1300 +250\n.*load average 0.1 before, 1.2 after\n"),
                table);
    }
}
