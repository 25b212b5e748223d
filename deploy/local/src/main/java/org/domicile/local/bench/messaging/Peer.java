package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.domicile.local.LocalFailure;
import org.domicile.local.port.Ports;

/** A server's process that the benchmark starts for itself, and ends. */
public final class Peer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_MILLIS = 100;
    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final Process process;

    private Peer(Process process) {
        this.process = process;
    }

    /** Returns when it takes connections. */
    public static Peer start(Path folder, int port, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        var log = folder.resolve("log").toFile();
        var builder =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).redirectOutput(log);
        builder.environment().putAll(environment);
        var peer = new Peer(builder.start());
        // who ends the benchmark ends this, too
        Runtime.getRuntime().addShutdownHook(new Thread(peer.process::destroyForcibly));
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!listens(port)) {
            if (!peer.process.isAlive() || System.nanoTime() > end) {
                peer.close();
                throw new LocalFailure(command[0] + " does not start: " + Files.readString(log.toPath()));
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return peer;
    }

    /** Free now, and below the range from which the system takes the ports of outgoing calls: nobody comes by it by chance. */
    public static int freePort() {
        while (true) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            if (Ports.isFree(port)) {
                return port;
            }
        }
    }

    public long pid() {
        return process.pid();
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
