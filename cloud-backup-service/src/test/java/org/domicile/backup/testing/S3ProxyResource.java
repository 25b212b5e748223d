package org.domicile.backup.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.domicile.platform.testing.FreePorts;

/** A real S3 server (S3Proxy on a folder) in a process of its own. */
public final class S3ProxyResource implements QuarkusTestResourceLifecycleManager {
    private static Path objects;
    private static int port;

    private Process process;

    /** Where the server keeps what it stores. */
    public static Path objects() {
        return objects;
    }

    /** How many objects there are, of all accounts. */
    public static long count(String prefix) {
        try (var files = Files.walk(objects)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(prefix))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int port() {
        return port;
    }

    /** How the server is started, after {@code java}, to keep what it stores in a folder. */
    public static List<String> arguments(Path folder, Path objects, int port) throws IOException {
        var settings = folder.resolve("s3proxy.conf");
        Files.writeString(settings, """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=test-identity
                s3proxy.credential=test-credential
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(port, objects));
        return List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target/s3proxy/s3proxy.jar").toAbsolutePath().toString(),
                "--properties",
                settings.toString());
    }

    /** What the service needs to know of a server on the port. */
    public static Map<String, String> settings(int port) {
        var config = new HashMap<String, String>();
        config.put("quarkus.s3.endpoint-override", "http://127.0.0.1:" + port);
        config.put("quarkus.s3.aws.credentials.type", "static");
        config.put("quarkus.s3.aws.credentials.static-provider.access-key-id", "test-identity");
        config.put("quarkus.s3.aws.credentials.static-provider.secret-access-key", "test-credential");
        return config;
    }

    @Override
    public Map<String, String> start() {
        try {
            var target = Path.of("target").toAbsolutePath();
            var folder = Files.createTempDirectory(target, "s3-");
            objects = Files.createDirectory(folder.resolve("objects"));
            port = FreePorts.next();
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(arguments(folder, objects, port));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("s3proxy.log").toFile())
                    .start();
            awaitPort(port);
            return settings(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitPort(int port) {
        var until = Instant.now().plus(Duration.ofSeconds(30));
        while (Instant.now().isBefore(until) && process.isAlive()) {
            try (var socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IllegalStateException("S3Proxy did not start; see target/s3-*/s3proxy.log");
    }
}
