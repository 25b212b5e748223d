package org.domicile.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Home;
import org.domicile.local.part.Part;

/** Starts parts in the order of their needs, as many at once as the machine bears, watches them, and stops them. */
public final class Supervisor {
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Not "ERROR:" with a colon: so PostgreSQL logs the mistakes of its clients. */
    private static final Pattern TROUBLE = Pattern.compile("\\b(ERROR(?!:)|FATAL|No space left)|^Caused by");

    private final Home home;
    private final Starter starter;
    private final PidFiles pidFiles;
    private final Consumer<String> progress;
    private final Semaphore atOnce;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, Process> processes = new ConcurrentHashMap<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private volatile boolean stopping;

    public Supervisor(Home home, Starter starter, PidFiles pidFiles, Consumer<String> progress, int atOnce) {
        this.home = home;
        this.starter = starter;
        this.pidFiles = pidFiles;
        this.progress = progress;
        this.atOnce = new Semaphore(atOnce);
    }

    /** Returns when all are ready; at the first failure stops what it started and throws that. */
    public void startAll(List<Part> all) {
        all.forEach(p -> parts.put(p.name(), p));
        var starts = new LinkedHashMap<String, CompletableFuture<Void>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var part : all) {
                var needed = part.needs().stream()
                        .map(name -> {
                            var start = starts.get(name);
                            if (start == null) {
                                throw new IllegalStateException(part.name() + " needs " + name + ", which comes later");
                            }
                            return start;
                        })
                        .toArray(CompletableFuture[]::new);
                starts.put(part.name(), CompletableFuture.allOf(needed).thenRunAsync(() -> startInTurn(part), threads));
            }
            CompletableFuture.allOf(starts.values().toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            var first = failure.get();
            throw first instanceof LocalFailure known
                    ? known
                    : new LocalFailure("The stack could not be started: " + first, first);
        }
    }

    private void startInTurn(Part part) {
        try {
            atOnce.acquire();
            try {
                start(part);
            } finally {
                atOnce.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(part.name() + " was interrupted.", e);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            stopping = true;
            throw e;
        }
    }

    /** Starts one part and returns when it is ready. */
    public void start(Part part) {
        requireGoingOn(part);
        var begin = Instant.now();
        var launch = part.prepare();
        var process = spawn(part, launch);
        process.onExit().thenAccept(ended -> ended(part, ended));
        awaitReady(part, process, begin);
        part.provision();
        var seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
        progress.accept(String.format("  %-24s ready in %5.1f s", part.name(), seconds));
    }

    private synchronized Process spawn(Part part, Launch launch) {
        requireGoingOn(part);
        var process = starter.start(part.name(), launch);
        processes.put(part.name(), process);
        return process;
    }

    /** Ends the part of this name, having asked it, and starts this one in its place. */
    public void replace(Part part) {
        stop(part(part.name()));
        parts.put(part.name(), part);
        start(part);
    }

    public Part part(String name) {
        var part = parts.get(name);
        if (part == null) {
            throw new LocalFailure(
                    "There is no part \"" + name + "\": choose from " + String.join(", ", parts.keySet()) + ".");
        }
        return part;
    }

    /** For fault tests: ends the part and its children without asking them. */
    public void kill(String name) {
        var process = processes.remove(part(name).name());
        if (process != null) {
            var children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            process.onExit().join();
            children.forEach(child -> child.onExit().join());
            pidFiles.forget(name);
        }
    }

    /** Stops everything, dependants before what they need. */
    public void stopAll() {
        synchronized (this) {
            stopping = true;
        }
        var left = new ArrayList<>(parts.values());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!left.isEmpty()) {
                var free = left.stream()
                        .filter(p -> left.stream().noneMatch(o -> o.needs().contains(p.name())))
                        .toList();
                CompletableFuture.allOf(free.stream()
                                .map(p -> CompletableFuture.runAsync(() -> stop(p), threads))
                                .toArray(CompletableFuture[]::new))
                        .join();
                left.removeAll(free);
            }
        }
    }

    private void stop(Part part) {
        var process = processes.remove(part.name());
        if (process != null) {
            Termination.end(process.toHandle(), part.stopRequest());
        }
        pidFiles.forget(part.name());
    }

    private void awaitReady(Part part, Process process, Instant begin) {
        while (true) {
            requireGoingOn(part);
            if (!process.isAlive()) {
                throw new LocalFailure(part.name() + " ended with code " + process.exitValue() + " before it was ready"
                        + reason(part) + ". Log: " + home.log(part.name()));
            }
            if (answers(part)) {
                return;
            }
            if (Duration.between(begin, Instant.now()).compareTo(part.patience()) > 0) {
                throw new LocalFailure(part.name() + " was not ready after "
                        + part.patience().toSeconds() + " s" + reason(part) + ". Log: " + home.log(part.name()));
            }
        }
    }

    private static boolean answers(Part part) {
        try {
            if (part.isReady()) {
                return true;
            }
            Thread.sleep(LOOK);
            return false;
        } catch (IOException e) {
            return pause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(part.name() + " was interrupted.", e);
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void requireGoingOn(Part part) {
        if (stopping) {
            throw new LocalFailure(part.name() + " was not started: the stack is stopping.");
        }
    }

    private void ended(Part part, Process process) {
        if (!stopping && processes.remove(part.name(), process)) {
            pidFiles.forget(part.name());
            progress.accept(part.name() + " ended with code " + process.exitValue() + reason(part) + ". Log: "
                    + home.log(part.name()));
        }
    }

    /** The last line of the log that speaks of an error, as " (…)". */
    private String reason(Part part) {
        try {
            var lines = Files.readAllLines(home.log(part.name()));
            return lines.reversed().stream()
                    .limit(200)
                    .filter(TROUBLE.asPredicate())
                    .findFirst()
                    .map(l -> " (" + l.strip() + ")")
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }
}
