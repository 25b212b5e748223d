package org.domicile.messaging.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.domicile.platform.testing.TestParts;
import org.eclipse.microprofile.config.ConfigProvider;

/** An instance of the packaged service in a process of its own. */
public final class InstanceProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Pattern SHARED = Pattern.compile(
            "domicile\\.(?!peer\\.port).*|quarkus\\.datasource\\.(username|password|(reactive|jdbc)\\.url)|kafka\\..*"
                    + "|quarkus\\.oidc\\.public-key");
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://\\S+?)(?: and .*)?$");
    private static final long PATIENCE_SECONDS = 180;

    private final Process process;
    private final CompletableFuture<URI> service = new CompletableFuture<>();

    private InstanceProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts one on the same database and broker as the one under test; {@link #service()} waits until it listens. */
    public static InstanceProcess start() {
        return start(sharedSettings());
    }

    /** The same, with some settings of its own. */
    public static InstanceProcess startWith(Map<String, String> own) {
        var settings = sharedSettings();
        settings.putAll(own);
        return start(settings);
    }

    /** Starts one with these settings, on ports of its own. */
    public static InstanceProcess start(Map<String, String> settings) {
        var all = new Properties();
        all.putAll(settings);
        all.setProperty("domicile.peer.port", "0");
        all.setProperty("quarkus.http.host", "127.0.0.1");
        all.setProperty("quarkus.http.port", "0");
        all.setProperty("quarkus.log.console.format", "%s%e%n");
        try {
            var file = Files.createTempFile(TestParts.folder(), "instance", ".properties");
            try (var out = Files.newOutputStream(file)) {
                all.store(out, null);
            }
            return new InstanceProcess(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx192m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-Dquarkus.config.locations=" + file,
                            "-jar",
                            JAR.toString())
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI service() {
        return service.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Lets it end in order: it leaves its consumer groups. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static Map<String, String> sharedSettings() {
        var config = ConfigProvider.getConfig();
        var settings = new HashMap<String, String>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> SHARED.matcher(name).matches())
                .forEach(name ->
                        config.getOptionalValue(name, String.class).ifPresent(value -> settings.put(name, value)));
        return settings;
    }

    /** What it says is shown with the test's own output. */
    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println("instance " + process.pid() + ": " + line);
                var listening = LISTENING.matcher(line);
                if (listening.find()) {
                    service.complete(URI.create(listening.group(1)));
                }
            }
        } catch (IOException e) {
            service.completeExceptionally(e);
        }
        service.completeExceptionally(new IllegalStateException("the instance ended"));
    }
}
