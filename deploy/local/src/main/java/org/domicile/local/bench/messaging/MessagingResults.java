package org.domicile.local.bench.messaging;

import java.util.List;
import java.util.Locale;

/** What {@code bench messaging} measured. Memory in kB (1,000 bytes), rates per second, latencies in milliseconds. */
record MessagingResults(
        int processors,
        double[] load,
        List<Connections.Result> connections,
        int devices,
        int messages,
        List<Load.Result> systems) {

    String table() {
        var text = new StringBuilder("\nconnections                     held   kB each   back/s   all woken\n");
        for (var c : connections) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-30s %6d   %7.1f   %6.0f   %s%n",
                    c.tls(),
                    c.connections(),
                    c.kilobytes(),
                    c.storm(),
                    c.fanOut() > 0 ? String.format(Locale.ROOT, "%.1f s", c.fanOut()) : "-"));
        }
        text.append(String.format(
                "%n%d messages, %d devices    stored/s   forwarded/s   online/s   p50 ms   p99 ms (at half)%n",
                messages, devices));
        for (var s : systems) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-30s %10.0f   %11.0f   %8.0f   %6.1f   %6.1f   %s%n",
                    s.name(),
                    s.stored(),
                    s.forwarded(),
                    s.online(),
                    s.p50(),
                    s.p99(),
                    s.promise()));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%n%d processors, load average %.1f before and %.1f after",
                        processors,
                        load[0],
                        load[1]))
                .toString();
    }
}
