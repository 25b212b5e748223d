package org.domicile.local.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code bench backup} measured. Seconds are wall time of the stock client, one number a round.
 *
 * @param warmUp rounds of each side before, which do not count
 * @param load the machine's load average before and after: others may have used it too
 * @param phases ours, the peer's, and the ratio of their medians (below 1: ours is faster)
 * @param cpuSecondsPerGiB CPU of the server per GiB of the data, a whole round (backup, re-backup, restore, check)
 * @param uploads memory of the service with concurrent uploads of 16 MiB
 * @param list a list of many blobs, milliseconds, one number a try
 * @param relay 16 transfers of 16 MiB at once, at the account's home and through another region's relay
 * @param raw the store itself, whole objects of 16 MiB, 8 at once
 */
public record BackupResults(
        long sizeBytes,
        int warmUp,
        int rounds,
        int cpus,
        List<Double> load,
        Map<String, Phase> phases,
        Map<String, Double> cpuSecondsPerGiB,
        Uploads uploads,
        Listing list,
        Map<String, RclonePeer.Raw> relay,
        RclonePeer.Raw raw) {
    /** One phase. */
    public record Phase(List<Double> ours, List<Double> peer, double ratio) {
        static Phase of(List<Double> ours, List<Double> peer) {
            return new Phase(ours, peer, median(ours) / median(peer));
        }
    }

    /** Memory, MiB: the peak (VmHWM) from the first upload's begin to the last one's end, and at rest before. */
    public record Uploads(int count, double seconds, double restMiB, double peakMiB) {}

    /** The list of a repository's blobs, protocol version 2. */
    public record Listing(int blobs, List<Double> milliseconds) {}

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String line(String what, RclonePeer.Raw rate) {
        return "%-24s PUT %.0f MiB/s, GET %.0f MiB/s%n"
                .formatted(what, rate.putMebibytesPerSecond(), rate.getMebibytesPerSecond());
    }

    /** For a person. */
    String table() {
        var table = new StringBuilder("%n%-24s %10s %10s %8s%n"
                .formatted("median of " + rounds + ", warm " + warmUp, "ours", "rclone", "ratio"));
        phases.forEach((name, phase) -> table.append("%-24s %8.2f s %8.2f s %8.2f%n"
                .formatted(name.toLowerCase(Locale.ROOT), median(phase.ours()), median(phase.peer()), phase.ratio())));
        table.append("%-24s %8.2f s %8.2f s%n"
                .formatted("server CPU per GiB", cpuSecondsPerGiB.get("ours"), cpuSecondsPerGiB.get("peer")));
        table.append("%-24s %6.0f MiB (at rest %.0f MiB), %.1f s%n"
                .formatted(
                        uploads.count() + " uploads of 16 MiB",
                        uploads.peakMiB(),
                        uploads.restMiB(),
                        uploads.seconds()));
        table.append("%-24s %7.0f ms%n".formatted("list of " + list.blobs(), median(list.milliseconds())));
        relay.forEach((way, rate) -> table.append(line("transfers " + way, rate)));
        table.append(line("the store itself", raw));
        return table.append("%d bytes; %d CPUs; load average %.1f before, %.1f after%n"
                        .formatted(sizeBytes, cpus, load.get(0), load.get(1)))
                .toString();
    }
}
