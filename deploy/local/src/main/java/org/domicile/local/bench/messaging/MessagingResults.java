package org.domicile.local.bench.messaging;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** What {@code bench messaging} measured. Memory in kB (1,000 bytes), rates per second, latencies in milliseconds. */
record MessagingResults(
        int processors,
        double[] load,
        List<Connections.Result> connections,
        int devices,
        int messages,
        List<List<Load.Result>> rounds) {
    private static final String OURS = "domicile";
    private static final String COMPARED = "ejabberd";

    String table() {
        var text = new StringBuilder(
                "\nconnections                     held   kB each   since start   live kB   back/s   all woken\n");
        for (var c : connections) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-30s %6d   %7.1f   %11.1f   %7.1f   %6.0f   %s%n",
                    c.tls(),
                    c.connections(),
                    c.memory().again(),
                    c.memory().fromFresh(),
                    c.memory().live(),
                    c.storm(),
                    c.fanOut() > 0 ? String.format(Locale.ROOT, "%.1f s", c.fanOut()) : "-"));
        }
        text.append(String.format(
                "%nround: %d messages, %d devices    stored/s   forwarded/s   online/s   p50 ms   p99 ms (at half)%n",
                messages, devices));
        for (int i = 0; i < rounds.size(); i++) {
            for (var s : rounds.get(i)) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-3d %-29s %10.0f   %11.0f   %8.0f   %6.1f   %6.1f   %s%n",
                        i + 1,
                        s.name(),
                        s.stored(),
                        s.forwarded(),
                        s.online(),
                        s.p50(),
                        s.p99(),
                        s.promise()));
            }
        }
        summary(text, "stored/s, times those of " + COMPARED, ratios());
        summary(text, "p99 ms of " + OURS, each(OURS).mapToDouble(Load.Result::p99));
        return text.append(String.format(
                        Locale.ROOT,
                        "%n%d processors, load average %.1f before and %.1f after",
                        processors,
                        load[0],
                        load[1]))
                .toString();
    }

    private DoubleStream ratios() {
        return rounds.stream().flatMapToDouble(round -> of(COMPARED, round)
                .flatMap(theirs -> of(OURS, round).map(ours -> ours.stored() / theirs.stored()))
                .mapToDouble(Double::doubleValue));
    }

    private Stream<Load.Result> each(String name) {
        return rounds.stream().flatMap(round -> of(name, round));
    }

    private static Stream<Load.Result> of(String name, List<Load.Result> round) {
        return round.stream().filter(result -> result.name().equals(name));
    }

    private static void summary(StringBuilder text, String what, DoubleStream values) {
        var sorted = values.sorted().toArray();
        if (sorted.length > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%s in %d rounds: median %.2f, minimum %.2f, maximum %.2f",
                    what,
                    sorted.length,
                    (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
                    sorted[0],
                    sorted[sorted.length - 1]));
        }
    }
}
