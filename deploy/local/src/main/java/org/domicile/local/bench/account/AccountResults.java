package org.domicile.local.bench.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code bench account} measured; a phase that was not asked for is absent. Times in milliseconds.
 *
 * @param load the machine's load average before and after: others may have used it too
 * @param accounts how many were loaded, and how long that took, in seconds
 * @param timing endpoint → whether known and unknown identifiers can be told apart there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccountResults(
        int cpus,
        double[] load,
        double[] accounts,
        Reads.Result reads,
        SignUps.Result signUps,
        Map<String, RankTest> timing,
        Withdrawals.Result withdrawals) {

    /** For a person. */
    String table() {
        var table = new StringBuilder();
        if (reads != null) {
            add(
                    table,
                    "%n%-28s %10s %8s %8s %10s %18s%n",
                    "GET /v1/me",
                    "reads/s",
                    "p50 ms",
                    "p99 ms",
                    "CPU ms each",
                    "MiB before, after");
            add(table, reads.service(), "account-service");
            add(table, reads.bare(), "bare Vert.x route");
            add(table, "%-28s %9.0f%% (bar: %.0f%%)%n", "ratio", 100 * reads.ratio(), 100 * Reads.Result.BAR);
        }
        if (signUps != null) {
            add(
                    table,
                    "%n%-28s %10.1f /s, p50 %.0f ms, p99 %.0f ms%n",
                    "sign-ups",
                    signUps.rate(),
                    signUps.p50(),
                    signUps.p99());
            add(table, "%-28s %10.1f /s%n", "Argon2id alone, all CPUs", signUps.argon2());
            add(table, "%-28s %9.0f%%%n", "ratio", 100 * signUps.ratio());
            signUps.methods().forEach((name, share) -> add(table, "    %5.1f%%  %s%n", 100 * share, name));
        }
        if (timing != null && !timing.isEmpty()) {
            add(
                    table,
                    "%n%-28s %8s %14s %14s %14s %8s %8s%n",
                    "known / unknown",
                    "samples",
                    "p50 ms",
                    "p99 ms",
                    "",
                    "z",
                    "guess");
            timing.forEach((name, t) -> add(
                    table,
                    "%-28s %8d %6.2f / %6.2f %6.2f / %6.2f %13s %8.2f %7.1f%%%n",
                    name,
                    t.samples(),
                    t.medians()[0],
                    t.medians()[1],
                    t.p99s()[0],
                    t.p99s()[1],
                    "",
                    t.z(),
                    100 * t.guess()));
        }
        if (withdrawals != null) {
            add(
                    table,
                    "%n%-28s %10s %10s   (bar: %.0f)%n",
                    withdrawals.withdrawals() + " withdrawals, ms",
                    "p50",
                    "p99",
                    Withdrawals.Result.BAR_MILLIS);
            add(
                    table,
                    "%-28s %10.1f %10.1f   %.0f a second%n",
                    "owner's answer",
                    withdrawals.answer()[0],
                    withdrawals.answer()[1],
                    withdrawals.perSecond()[1]);
            withdrawals
                    .projected()
                    .forEach(
                            (service, lag) -> add(table, "%-28s %10.1f %10.1f%n", "off in " + service, lag[0], lag[1]));
            add(
                    table,
                    "%-28s %10.1f %10.1f   %d sockets%n",
                    "socket closed",
                    withdrawals.closed()[0],
                    withdrawals.closed()[1],
                    withdrawals.sockets());
        }
        add(
                table,
                "%n%.0f accounts, loaded in %.0f s; %d CPUs; load average %.1f before, %.1f after%n",
                accounts[0],
                accounts[1],
                cpus,
                load[0],
                load[1]);
        return table.toString();
    }

    private static void add(StringBuilder table, Reads.Server server, String name) {
        add(
                table,
                "%-28s %10.0f %8.1f %8.1f %10.3f %8.0f %9.0f%n",
                name,
                server.rate(),
                server.p50(),
                server.p99(),
                server.cpuMillis(),
                server.memoryBefore(),
                server.memoryAfter());
    }

    private static void add(StringBuilder table, String format, Object... values) {
        table.append(String.format(Locale.ROOT, format, values));
    }
}
