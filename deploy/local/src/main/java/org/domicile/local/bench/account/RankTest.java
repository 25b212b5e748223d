package org.domicile.local.bench.account;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether two samples of answer times can be told apart: the rank test of Mann and Whitney with its correction for ties, by the normal
 * approximation, which holds from about twenty values on.
 *
 * @param medians of known and unknown, milliseconds
 * @param p99s of known and unknown, milliseconds
 * @param z the statistic: within ±1.96 in 95 of 100 runs if both are of one distribution
 * @param guess the probability that a known one takes longer than an unknown one; 0.5 if nothing can be told
 */
record RankTest(int samples, double[] medians, double[] p99s, double z, double guess) {
    private record Value(double time, boolean known) {}

    static RankTest of(List<Double> known, List<Double> unknown) {
        var all = Stream.concat(
                        known.stream().map(t -> new Value(t, true)),
                        unknown.stream().map(t -> new Value(t, false)))
                .sorted(Comparator.comparingDouble(Value::time))
                .toList();
        double ranks = 0;
        double ties = 0;
        for (int from = 0; from < all.size(); ) {
            int to = from;
            while (to < all.size() && all.get(to).time() == all.get(from).time()) {
                to++;
            }
            double tied = to - from;
            ranks += (from + 1 + to)
                    / 2.0
                    * all.subList(from, to).stream().filter(Value::known).count();
            ties += tied * tied * tied - tied;
            from = to;
        }
        double n = known.size();
        double m = unknown.size();
        var u = ranks - n * (n + 1) / 2;
        var variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
        return new RankTest(
                known.size(),
                new double[] {percentile(known, 50), percentile(unknown, 50)},
                new double[] {percentile(known, 99), percentile(unknown, 99)},
                variance == 0 ? 0 : (u - n * m / 2) / Math.sqrt(variance),
                u / (n * m));
    }

    static double percentile(List<Double> values, double percent) {
        var sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100) - 1)];
    }
}
