package org.domicile.outside.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.TestTokens;

/** The packaged participant of one region, as a process of its own. */
public final class Packaged implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONGEST_START = Duration.ofMinutes(4);
    private static final long LOOK_NANOS = 50_000_000;

    private final Process process;
    private final int port;
    private final Path log;

    private Packaged(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** Addresses of the participants of both regions. */
    public record Peers(String service, Map<String, Integer> ports) {
        public static Peers of(String service) {
            return new Peers(service, Map.of(TestRegions.CN, FreePorts.next(), TestRegions.SG, FreePorts.next()));
        }

        private Path list() {
            return TestRegions.list(
                    TestParts.folder(),
                    ports.entrySet().stream()
                            .collect(Collectors.toMap(
                                    e -> e.getKey() + "." + service, e -> "https://localhost:" + e.getValue())));
        }
    }

    /** Starts it; {@link #awaitReady} waits. */
    public static Packaged start(
            Peers peers, String region, String database, String user, Map<String, String> settings) {
        var identity = region + "." + peers.service();
        var port = FreePorts.next();
        var authority = PlatformResource.authority();
        var config = new TreeMap<>(settings);
        config.put("domicile.region", region);
        config.put("domicile.service", peers.service());
        config.put("domicile.regions.file", peers.list().toString());
        config.put("domicile.regions.key", TestRegions.listKey(authority).toString());
        config.put("domicile.peer.port", peers.ports().get(region).toString());
        config.put("domicile.peer.certificate", authority.issue(identity).toString());
        config.put("domicile.peer.key", authority.keyOf(identity).toString());
        config.put("domicile.peer.ca", authority.ca().toString());
        config.put("quarkus.http.port", Integer.toString(port));
        config.put("quarkus.http.host", "localhost");
        config.put("quarkus.oidc.public-key", TestTokens.publicKey());
        config.put("quarkus.datasource.username", user);
        config.put("quarkus.datasource.password", user);
        var address = "postgresql://localhost:" + TestParts.postgresPort() + "/" + database;
        config.put("quarkus.datasource.reactive.url", address);
        config.put("quarkus.datasource.reactive.max-size", "8");
        config.put("quarkus.datasource.jdbc.url", "jdbc:" + address);
        config.put("kafka.bootstrap.servers", TestParts.kafka());
        // the regions of this test share a broker
        for (var channel : List.of("residency-directory", "residency-commands")) {
            config.put("mp.messaging.incoming." + channel + ".group.id", identity + "." + channel);
        }
        try {
            var file = Files.writeString(
                    TestParts.folder().resolve(identity + ".properties"),
                    config.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("\n")));
            var log = TestParts.folder().resolve(identity + ".log");
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx160m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-Dquarkus.config.locations=" + file,
                            "-jar",
                            Path.of("target", "quarkus-app", "quarkus-run.jar")
                                    .toAbsolutePath()
                                    .toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new Packaged(process, port, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JVM that starts beside a busy build takes its time. */
    public void awaitReady() {
        var end = Instant.now().plus(LONGEST_START);
        while (!isReady()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new AssertionError("the participant is not ready, see " + log);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Whether it says so. */
    public boolean isReady() {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/q/health/ready"))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
