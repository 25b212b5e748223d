package org.domicile.local.bench;

import java.util.List;
import java.util.Map;

/**
 * What {@code bench migration} measured; times in milliseconds.
 *
 * @param load the machine's load average before and after: others may have used it too
 * @param blobs of each account in {@code large}
 * @param pauses one row for each round-trip time
 * @param large the same of an account with many blobs; empty without
 */
public record MigrationResults(int cpus, List<Double> load, int blobs, List<Pauses> pauses, List<Pauses> large) {
    /**
     * Write pauses of moves at one round-trip time.
     *
     * @param pauses one number a move
     * @param services service → median of its own pause
     * @param steps part of the pause → median, in the order of time
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
        var table = new StringBuilder("%n%-28s %6s %8s %8s %8s %8s %8s  %s%n"
                .formatted(
                        "write pause, ms", "moves", "median", "bar", "p99", "bar", "writer", "longest parts, medians"));
        pauses.forEach(p -> table.append(row("round trip " + p.roundTrip() + " ms", p)));
        large.forEach(p -> table.append(row("the same, %,d blobs, %d ms".formatted(blobs, p.roundTrip()), p)));
        return table.append("%d CPUs; load average %.1f before, %.1f after%n".formatted(cpus, load.get(0), load.get(1)))
                .toString();
    }

    private static String row(String name, Pauses p) {
        var steps = new StringBuilder();
        p.steps().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(part -> steps.append("%s %.0f  ".formatted(part.getKey(), part.getValue())));
        return "%-28s %6d %8.0f %8s %8.0f %8s %8.0f  %s%n"
                .formatted(
                        name,
                        p.pauses().size(),
                        p.median(),
                        bar(p.median(), p.medianBar()),
                        p.percentile99(),
                        bar(p.percentile99(), p.percentile99Bar()),
                        BackupResults.median(p.stopped()),
                        steps.toString().strip());
    }

    /** A bar that is not met is marked. */
    private static String bar(double value, double bar) {
        return "%.0f%s".formatted(bar, value <= bar ? "" : " missed");
    }
}
