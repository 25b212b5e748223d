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
    private static final int STATE = 0;
    private static final int START_TIME = 19;
    private static final Path PROC = Path.of("/proc");

    public static Optional<ProcessIdentity> of(long pid) {
        return started(pid).map(start -> new ProcessIdentity(pid, start));
    }

    /** The process, if it is still the same one and runs. */
    public Optional<ProcessHandle> alive() {
        return started(pid).filter(started::equals).flatMap(s -> ProcessHandle.of(pid));
    }

    /** Whether a process of that id runs; one that ended and was not reaped does not. */
    static boolean isRunning(long pid) {
        return started(pid).isPresent();
    }

    private static Optional<String> started(long pid) {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .flatMap(p -> p.info().startInstant())
                    .map(Instant::toString);
        }
        try {
            // from field 3 on, proc(5); the name in field 2 may hold spaces and parentheses
            var stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            var boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            return Optional.of(fields[START_TIME] + "@" + boot);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
