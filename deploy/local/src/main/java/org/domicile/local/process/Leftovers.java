package org.domicile.local.process;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** What a killed launcher left running; found by its pid files, each checked to be the very process that was started. */
public record Leftovers(PidFiles pidFiles, Consumer<String> progress) {
    /** Ends them all and returns how many there were. The caller holds the stack's lock. */
    public int end() {
        var running = pidFiles.running();
        running.remove(PidFiles.LAUNCHER);
        if (!running.isEmpty()) {
            progress.accept("Ending " + running.size() + " processes that an earlier run left behind: "
                    + String.join(", ", running.keySet()) + ".");
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(running.entrySet().stream()
                            .map(e -> CompletableFuture.runAsync(() -> end(e.getKey(), e.getValue()), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
        return running.size();
    }

    private void end(String part, ProcessHandle process) {
        Termination.end(process, part.endsWith("postgres") ? Termination.Request.INT : Termination.Request.TERM);
        pidFiles.forget(part);
    }
}
