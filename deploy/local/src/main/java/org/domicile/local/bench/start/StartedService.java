package org.domicile.local.bench.start;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.ProcessMeter;

/** A process of a service, from its start until it says that it is ready. */
final class StartedService implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int READY = 200;
    private static final long END_SECONDS = 60;

    private final Process process;
    private final double readyMillis;

    private StartedService(Process process, double readyMillis) {
        this.process = process;
        this.readyMillis = readyMillis;
    }

    static StartedService start(List<String> command, Path folder, int port, HttpClient http)
            throws IOException, InterruptedException {
        var log = folder.resolve("log");
        var begun = System.nanoTime();
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // who ends the benchmark ends this, too
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try {
            while (!isReady(port, http)) {
                if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new LocalFailure("The service does not start: " + Files.readString(log));
                }
                Thread.sleep(LOOK);
            }
            return new StartedService(process, (System.nanoTime() - begun) / 1e6);
        } catch (LocalFailure | IOException | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static boolean isReady(int port, HttpClient http) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/q/health/ready"))
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == READY;
        } catch (IOException notYet) {
            return false;
        }
    }

    double readyMillis() {
        return readyMillis;
    }

    double residentMebibytes() throws IOException {
        return new ProcessMeter(process.pid()).residentMebibytes();
    }

    /** Ends it as an operator does, so that it writes its cache. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
