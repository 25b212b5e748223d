package org.domicile.local.bench.start;

import java.util.List;
import java.util.Locale;
import org.domicile.local.home.Packaging;

/**
 * What {@code bench start} measured.
 *
 * @param load the machine's load average before and after: others may have used it too
 */
record StartResults(int cpus, double[] load, List<Row> rows) {
    /** Of a service that starts as an executable, and of one that starts on the JVM with a cache. */
    private static final int BAR_EXECUTABLE = 150;

    private static final int BAR_CACHED = 1_200;
    private static final int BAR_MEBIBYTES = 128;

    /**
     * One service in one packaging.
     *
     * @param readyMillis of each round, from the start of the process until it says that it is ready
     * @param residentMebibytes of each round, ten seconds later, with nobody asking
     */
    record Row(String service, Packaging packaging, List<Double> readyMillis, List<Double> residentMebibytes) {}

    /** For a person. */
    String table() {
        var table = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%-12s %-12s %12s %20s %14s%n",
                "service",
                "packaging",
                "ready, ms",
                "least to most, ms",
                "resident, MiB"));
        for (var row : rows) {
            var ready = row.readyMillis().stream().sorted().toList();
            table.append(String.format(
                    Locale.ROOT,
                    "%-12s %-12s %12.0f %20s %14.0f%n",
                    row.service(),
                    row.packaging().name().toLowerCase(Locale.ROOT),
                    median(ready),
                    String.format(Locale.ROOT, "%.0f to %.0f", ready.getFirst(), ready.getLast()),
                    median(row.residentMebibytes().stream().sorted().toList())));
        }
        return table.append(String.format(
                        Locale.ROOT,
                        "Medians. Bars: executable %d ms and %d MiB, cached %d ms.%n"
                                + "%d CPUs; load average %.1f before, %.1f after%n",
                        BAR_EXECUTABLE,
                        BAR_MEBIBYTES,
                        BAR_CACHED,
                        cpus,
                        load[0],
                        load[1]))
                .toString();
    }

    /** The upper one of two. */
    private static double median(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
