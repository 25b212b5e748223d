package org.domicile.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.stream.Stream;

/** How much memory the stack's processes hold, with their children (PostgreSQL has one per connection). */
public final class Memory {
    private Memory() {}

    /** Proportional set size in MB, so that shared pages count once; 0 where the system does not tell. */
    public static long residentMegabytes(PidFiles pidFiles) {
        return pidFiles.running().values().stream().mapToLong(Memory::kilobytes).sum() >> 10;
    }

    /** The same for one process and its children. */
    public static long residentMegabytes(ProcessHandle process) {
        return kilobytes(process) >> 10;
    }

    private static long kilobytes(ProcessHandle process) {
        // the launcher's children are the parts themselves
        var isLauncher = process.info().arguments().stream()
                .flatMap(Stream::of)
                .anyMatch(a -> a.equals("org.domicile.local.Domicile"));
        var processes = new HashSet<Long>();
        processes.add(process.pid());
        if (!isLauncher && process.pid() != ProcessHandle.current().pid()) {
            process.descendants().forEach(p -> processes.add(p.pid()));
        }
        return processes.stream().mapToLong(Memory::proportionalKilobytes).sum();
    }

    private static long proportionalKilobytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))) {
            return lines.filter(l -> l.startsWith("Pss:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }
}
