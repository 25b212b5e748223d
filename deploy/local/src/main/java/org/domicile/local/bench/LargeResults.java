package org.domicile.local.bench;

import java.util.List;

/**
 * What {@code bench migration --large} measured.
 *
 * @param load the machine's load average before and after: others may have used it too
 * @param bytes of each account
 * @param concurrency most moves at a time
 * @param seconds from the order of the wave to the last account's arrival, every record and object digest-verified
 * @param peers the same bytes by the programs of the distribution, each time before the wave
 */
public record LargeResults(
        int cpus, List<Double> load, int accounts, long bytes, int concurrency, double seconds, List<Peer> peers) {
    private static final double BAR = 1.3;
    private static final double MEBIBYTE = 1 << 20;

    /**
     * @param rows seconds for the accounts' rows, through {@code psql | psql}
     * @param objects seconds of {@code rclone sync}
     */
    public record Peer(double rows, double objects) {
        double seconds() {
            return rows + objects;
        }
    }

    /** To the fastest of the copies. */
    double ratio() {
        return seconds / peers.stream().mapToDouble(Peer::seconds).min().orElseThrow();
    }

    /** For a person. */
    String table() {
        var table = new StringBuilder("%n%-44s %9s %9s%n"
                .formatted("%d accounts of %.0f MiB".formatted(accounts, bytes / MEBIBYTE), "seconds", "MiB/s"));
        table.append(row("domicile wave, at most %d".formatted(concurrency), seconds));
        for (var peer : peers) {
            table.append(row(
                    "psql | psql %.1f s, rclone sync %.1f s".formatted(peer.rows(), peer.objects()), peer.seconds()));
        }
        return table.append("ratio %.2f (bar %.1f%s)%n".formatted(ratio(), BAR, ratio() <= BAR ? "" : ", missed"))
                .append("%d CPUs; load average %.1f before, %.1f after%n".formatted(cpus, load.get(0), load.get(1)))
                .toString();
    }

    private String row(String name, double took) {
        return "%-44s %9.1f %9.1f%n".formatted(name, took, accounts * bytes / MEBIBYTE / took);
    }
}
