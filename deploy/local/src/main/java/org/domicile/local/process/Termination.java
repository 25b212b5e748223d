package org.domicile.local.process;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Ends a process: asks, waits, and then insists. */
public final class Termination {
    /** A JVM that writes its cache of classes as it ends takes long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(50);

    private Termination() {}

    /** How a part wants to be asked to stop. */
    public enum Request {
        TERM,
        /** PostgreSQL's fast shutdown: does not wait for clients to leave. */
        INT
    }

    /** Returns when the process is gone. */
    public static void end(ProcessHandle process, Request request) {
        if (request == Request.INT) {
            interrupt(process);
        } else {
            process.destroy();
        }
        if (!gone(process)) {
            process.destroyForcibly();
            gone(process);
        }
    }

    private static void interrupt(ProcessHandle process) {
        try {
            var kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks instead of waiting for its exit: one that nobody reaps (a container's first process may not) never exits. */
    private static boolean gone(ProcessHandle process) {
        var deadline = Instant.now().plus(PATIENCE);
        while (ProcessIdentity.isRunning(process.pid())) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return !ProcessIdentity.isRunning(process.pid());
            }
        }
        return true;
    }
}
