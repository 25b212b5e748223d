package org.domicile.local.bench;

import java.util.List;
import java.util.Map;

/**
 * What {@code bench migration} measured; times in milliseconds.
 *
 * @param load the machine's load average before and after: others may have used it too
 * @param pauses one row for each round-trip time
 */
public record MigrationResults(int cpus, List<Double> load, List<Pauses> pauses) {
    /**
     * Write pauses of moves at one round-trip time.
     *
     * @param pauses one number a move
     * @param services service → median of its own pause
     * @param steps state → median from entering the state before it
     * @param stopped the longest that a writer of the account waited for an answer, one number a move
     */
    public record Pauses(
            int roundTrip,
            List<Double> pauses,
            Map<String, Double> services,
            Map<String, Double> steps,
            List<Double> stopped) {
        private static final double MEDIAN_REST = 60;
        private static final double P99_REST = 200;

        double median() {
            return BackupResults.median(pauses);
        }

        double percentile99() {
            var sorted = pauses.stream().sorted().toList();
            return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
        }

        double medianBar() {
            return 2.0 * roundTrip + MEDIAN_REST;
        }

        double percentile99Bar() {
            return 3.0 * roundTrip + P99_REST;
        }
    }

    /** For a person. */
    String table() {
        var table = new StringBuilder("%n%-22s %8s %8s %8s %8s %8s  %s%n"
                .formatted("write pause, ms", "moves", "median", "bar", "p99", "bar", "median of each step"));
        pauses.forEach(p -> table.append(row("round trip " + p.roundTrip() + " ms", p)));
        return table.append("%d CPUs; load average %.1f before, %.1f after%n".formatted(cpus, load.get(0), load.get(1)))
                .toString();
    }

    private static String row(String name, Pauses p) {
        var steps = new StringBuilder();
        p.steps()
                .forEach((state, millis) ->
                        steps.append("%s %.0f  ".formatted(state.toLowerCase(java.util.Locale.ROOT), millis)));
        return "%-22s %8d %8.0f %8.0f %8.0f %8.0f  %s%n"
                .formatted(
                        name,
                        p.pauses().size(),
                        p.median(),
                        p.medianBar(),
                        p.percentile99(),
                        p.percentile99Bar(),
                        steps.toString().strip());
    }
}
