package org.domicile.local.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends a process: asks, waits, and then insists. */
public final class Termination {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
            signal(process, "INT");
        } else {
            process.destroy();
        }
        if (!gone(process, PATIENCE)) {
            process.destroyForcibly();
            gone(process, PATIENCE);
        }
    }

    private static void signal(ProcessHandle process, String name) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
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

    private static boolean gone(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
