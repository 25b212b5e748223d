package org.domicile.local.bench;

import java.util.List;
import java.util.Map;

/**
 * What {@code bench migration --wave} measured.
 *
 * @param load the machine's load average before and after: others may have used it too
 * @param concurrency most moves at a time
 */
public record WaveResults(int cpus, List<Double> load, int concurrency, List<Wave> waves) {
    /**
     * One wave.
     *
     * @param moved accounts that reached their new home
     * @param seconds from the order to the end
     * @param peaks part → peak of resident memory meanwhile, MiB
     * @param cpu part → seconds of CPU meanwhile (of PostgreSQL only the process that starts the others)
     * @param alone milliseconds of each request of someone who does not move, before the wave
     * @param meanwhile the same during the wave
     */
    public record Wave(
            int accounts,
            long moved,
            double seconds,
            Map<String, Double> peaks,
            Map<String, Double> cpu,
            List<Double> alone,
            List<Double> meanwhile) {
        double perSecond() {
            return moved / seconds;
        }
    }

    private static final double BAR = 1.2;

    /** For a person. */
    String table() {
        var table = new StringBuilder("%n%-10s %9s %9s %12s %12s %8s%n"
                .formatted("wave of", "seconds", "a second", "alone ms", "meanwhile ms", "ratio"));
        waves.forEach(wave -> table.append("%-10d %9.0f %9.1f %12.1f %12.1f %8.2f  (bar %.1f)%n"
                .formatted(
                        wave.accounts(),
                        wave.seconds(),
                        wave.perSecond(),
                        BackupResults.median(wave.alone()),
                        BackupResults.median(wave.meanwhile()),
                        BackupResults.median(wave.meanwhile()) / BackupResults.median(wave.alone()),
                        BAR)));
        table.append("%n%-28s%s%n".formatted("peak MiB (CPU seconds)", header()));
        for (var part : waves.getFirst().peaks().keySet()) {
            table.append("%-28s".formatted(part));
            waves.forEach(wave -> table.append("%9.0f (%5.0f)"
                    .formatted(wave.peaks().getOrDefault(part, 0.0), wave.cpu().getOrDefault(part, 0.0))));
            table.append("%n".formatted());
        }
        return table.append("at most %d at a time; %d CPUs; load average %.1f before, %.1f after%n"
                        .formatted(concurrency, cpus, load.get(0), load.get(1)))
                .toString();
    }

    private String header() {
        var header = new StringBuilder();
        waves.forEach(wave -> header.append("%17s".formatted(wave.accounts() + " accounts")));
        return header.toString();
    }
}
