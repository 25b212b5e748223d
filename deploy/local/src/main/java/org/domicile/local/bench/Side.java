package org.domicile.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One of the two servers that stock restic is run against, and what was measured there. */
final class Side {
    /** What is timed in each round, in this order. */
    enum Phase {
        BACKUP,
        UNCHANGED,
        RESTORE,
        CHECK
    }

    private final String name;
    private final String origin;
    private final Path authority;
    private final Path work;
    private final ProcessMeter server;
    private final Map<Phase, List<Double>> seconds = new EnumMap<>(Phase.class);
    private double cpuSeconds;

    /** @param origin {@code rest:https://user:password@host:port/…/}, below which repositories are named */
    Side(String name, String origin, Path authority, Path work, ProcessMeter server) {
        this.name = name;
        this.origin = origin;
        this.authority = authority;
        this.work = work;
        this.server = server;
        for (var phase : Phase.values()) {
            seconds.put(phase, new ArrayList<>());
        }
    }

    String name() {
        return name;
    }

    Map<Phase, List<Double>> seconds() {
        return seconds;
    }

    /** Seconds of CPU of the server over all rounds. */
    double cpuSeconds() {
        return cpuSeconds;
    }

    /** What was measured so far does not count. */
    void forget() {
        seconds.values().forEach(List::clear);
        cpuSeconds = 0;
    }

    void init(String repository) throws IOException, InterruptedException {
        restic(repository, "init");
    }

    void round(String repository, Path data) throws IOException, InterruptedException {
        var before = server.cpuSeconds();
        var restored = work.resolve("restored");
        time(Phase.BACKUP, repository, "backup", "--quiet", data.toString());
        time(Phase.UNCHANGED, repository, "backup", "--quiet", data.toString());
        time(Phase.RESTORE, repository, "restore", "latest", "--quiet", "--target", restored.toString());
        time(Phase.CHECK, repository, "check", "--read-data", "--quiet");
        cpuSeconds += server.cpuSeconds() - before;
        delete(restored);
        delete(work.resolve("cache"));
    }

    private void time(Phase phase, String repository, String... arguments) throws IOException, InterruptedException {
        seconds.get(phase).add(restic(repository, arguments).toNanos() / 1e9);
    }

    private Duration restic(String repository, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(work);
        var command = new ArrayList<>(List.of(
                "restic",
                "--cacert",
                authority.toString(),
                "--cache-dir",
                work.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        var environment = Map.of("RESTIC_REPOSITORY", origin + repository + "/", "RESTIC_PASSWORD", "of the benchmark");
        return Programs.time(work.resolve("restic.log"), environment, command);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
