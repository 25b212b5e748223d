package org.domicile.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.domicile.local.LocalFailure;

/** CPU time and memory of another process, as Linux tells them (proc(5)). */
public final class ProcessMeter {
    /** User and system time, and the same of its children that have ended. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;
    /** USER_HZ: 100 on every Linux that Java runs on. */
    private static final double TICKS = 100;

    private final long pid;
    private final Path folder;

    public ProcessMeter(long pid) {
        this.pid = pid;
        this.folder = folder(pid);
        if (!Files.isReadable(folder.resolve("stat"))) {
            throw new LocalFailure("The process " + pid + " cannot be measured: this benchmark needs Linux.");
        }
    }

    private static Path folder(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }

    /** Seconds of CPU, in user and kernel mode, since it began, with those of its children: PostgreSQL has one for each session. */
    public double cpuSeconds() throws IOException {
        var ticks = ticks(folder);
        for (var child : ProcessHandle.of(pid)
                .map(ProcessHandle::descendants)
                .orElseGet(Stream::empty)
                .toList()) {
            try {
                ticks += ticks(folder(child.pid()));
            } catch (IOException gone) {
                if (child.isAlive()) {
                    throw gone;
                }
                // its parent has its time from the next look on
            }
        }
        return ticks / TICKS;
    }

    private static long ticks(Path folder) throws IOException {
        var stat = Files.readString(folder.resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Arrays.stream(fields)
                .skip(FIRST_TIME)
                .limit(TIMES)
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** Forgets the peak of resident memory, so that it is that of what comes. */
    public void forgetPeak() throws IOException {
        Files.writeString(folder.resolve("clear_refs"), "5");
    }

    /** The peak of resident memory (VmHWM), MiB. */
    public double peakMebibytes() throws IOException {
        return kilobytes("status", "VmHWM:") / 1024.0;
    }

    /** Resident memory now, MiB. */
    public double residentMebibytes() throws IOException {
        return kilobytes("smaps_rollup", "Rss:") / 1024.0;
    }

    private long kilobytes(String file, String field) throws IOException {
        try (var lines = Files.lines(folder.resolve(file))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
    }
}
