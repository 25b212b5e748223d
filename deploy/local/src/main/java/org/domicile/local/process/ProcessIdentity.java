package org.domicile.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Which process is meant, even after its id was given to another one.
 *
 * @param pid the process id
 * @param started when it began: on Linux clock ticks since boot and the boot's id, elsewhere the instant
 */
public record ProcessIdentity(long pid, String started) {
    private static final int START_TIME_AFTER_NAME = 19;

    public static Optional<ProcessIdentity> of(long pid) {
        return started(pid).map(start -> new ProcessIdentity(pid, start));
    }

    /** The process, if it is still the same one. */
    public Optional<ProcessHandle> alive() {
        return started(pid)
                .filter(started::equals)
                .flatMap(s -> ProcessHandle.of(pid))
                .filter(ProcessHandle::isAlive);
    }

    private static Optional<String> started(long pid) {
        try {
            // field 22 of /proc/PID/stat; the name in field 2 may hold spaces and parentheses
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            var boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return Optional.of(fields[START_TIME_AFTER_NAME] + "@" + boot);
        } catch (IOException e) {
            return ProcessHandle.of(pid).flatMap(p -> p.info().startInstant()).map(Instant::toString);
        }
    }
}
