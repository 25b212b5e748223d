package org.domicile.system;

import static org.domicile.system.StartedStack.client;
import static org.domicile.system.StartedStack.description;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.local.StackDescription;

/** The list of metrics that alerts, dashboards and scalers choose from, beside what running services expose. */
final class WatchedMetrics {
    /** Prometheus makes it itself, of every service that it scrapes. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private WatchedMetrics() {}

    /** Some begin with what they count, or with a timer's first look: a person has used every service, and moved. */
    static void await() throws IOException, InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        var missing = missing();
        while (!missing.isEmpty()) {
            assertTrue(Instant.now().isBefore(end), "listed, but not exposed: " + missing);
            Thread.sleep(LOOK);
            missing = missing();
        }
    }

    private static List<String> missing() throws IOException, InterruptedException {
        var exposed = exposed();
        var missing = new ArrayList<String>();
        for (var line : listed()) {
            var fields = line.split("\\s+");
            for (var service : fields[1].split(",")) {
                if (!OF_PROMETHEUS.contains(fields[0]) && !exposed.get(service).contains(fields[0])) {
                    missing.add(service + " " + fields[0]);
                }
            }
        }
        return missing;
    }

    private static List<String> listed() throws IOException {
        return Files.readAllLines(Path.of(System.getProperty("domicile.root"), "deploy/alerts/metrics.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    /** Service → the metrics that either region's one has. */
    private static Map<String, Set<String>> exposed() throws IOException, InterruptedException {
        var exposed = new HashMap<String, Set<String>>();
        for (var region : description().regions().values()) {
            for (var service : services(region).entrySet()) {
                exposed.computeIfAbsent(service.getKey(), first -> new HashSet<>())
                        .addAll(scraped(service.getValue()));
            }
        }
        return exposed;
    }

    private static Map<String, String> services(StackDescription.Region region) {
        return Map.of(
                "account", region.account(),
                "backup", region.backup(),
                "messaging", region.messaging(),
                "migration", region.migration());
    }

    private static Set<String> scraped(String service) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(service + "/q/metrics")).build();
        try (Stream<String> lines = DomicileClient.of(client())
                .http()
                .client()
                .send(request, BodyHandlers.ofLines())
                .body()) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toSet());
        }
    }
}
