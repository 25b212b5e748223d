package org.domicile.local.bench.start;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.ResultFile.Results;
import org.domicile.local.bench.messaging.Peer;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Built;
import org.domicile.local.home.Home;
import org.domicile.local.home.Packaging;
import org.domicile.local.part.Service;
import org.domicile.local.part.ServicePart;

/**
 * Starts a further instance of each service, with the configuration of the one that runs, again and again, in every packaging that is
 * built: one after the other in each round. The start that writes a cache is not counted.
 */
final class StartBench {
    /** How long a service rests before its memory is read. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final Home home;
    private final String region;
    private final int rounds;
    private final HttpClient http;
    private final Screen screen;
    private final double loadBefore = load();
    private final List<StartResults.Row> rows = new ArrayList<>();

    StartBench(Home home, String region, int rounds, HttpClient http, Screen screen) {
        this.home = home;
        this.region = region;
        this.rounds = rounds;
        this.http = http;
        this.screen = screen;
    }

    void run(Results<StartResults> measured) throws IOException, InterruptedException {
        for (var service : Service.values()) {
            measure(service);
            measured.soFar(new StartResults(
                    Runtime.getRuntime().availableProcessors(), new double[] {loadBefore, load()}, List.copyOf(rows)));
        }
    }

    private void measure(Service service) throws IOException, InterruptedException {
        var packagings = built(service);
        var of = new ArrayList<StartResults.Row>();
        for (var packaging : packagings) {
            of.add(new StartResults.Row(service.id(), packaging, new ArrayList<>(), new ArrayList<>()));
            if (packaging == Packaging.CACHED) {
                screen.line(service.id() + ": a start that is not counted, for its cache.");
                start(service, packaging).close();
            }
        }
        for (var round = 1; round <= rounds; round++) {
            for (var row : of) {
                screen.progress("%s, %s: %d of %d".formatted(service.id(), row.packaging(), round, rounds));
                try (var started = start(service, row.packaging())) {
                    row.readyMillis().add(started.readyMillis());
                    Thread.sleep(REST);
                    row.residentMebibytes().add(started.residentMebibytes());
                }
            }
        }
        rows.addAll(of);
    }

    /** What is not built is left out, and named. */
    private List<Packaging> built(Service service) {
        var built = new ArrayList<Packaging>();
        for (var packaging : Packaging.values()) {
            try {
                ServicePart.command(new Built(home.sources(), packaging), service, configuration(service, packaging));
                built.add(packaging);
            } catch (LocalFailure missing) {
                screen.line("Left out: " + missing.getMessage());
            }
        }
        return built;
    }

    private StartedService start(Service service, Packaging packaging) throws IOException, InterruptedException {
        var file = configuration(service, packaging);
        var port = Peer.freePort();
        var settings = new Properties();
        try (var in = Files.newInputStream(home.folderOf(region, service.id()).resolve("application.properties"))) {
            settings.load(in);
        }
        settings.setProperty("quarkus.http.ssl-port", Integer.toString(port));
        settings.setProperty("domicile.peer.port", Integer.toString(Peer.freePort()));
        Files.createDirectories(file.getParent());
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        return StartedService.start(
                ServicePart.command(new Built(home.sources(), packaging), service, file), file.getParent(), port, http);
    }

    private Path configuration(Service service, Packaging packaging) {
        return home.file("bench/start").resolve(service.id() + "-" + packaging).resolve("application.properties");
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
