package org.domicile.local.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;

/** {@code rclone serve restic} on the stack's object store, over TLS with the service's own certificate, behind a password. */
final class RclonePeer implements AutoCloseable {
    private static final String BUCKET = "peer:domicile-bench";
    private static final String LOGIN = "bench";
    private static final Duration START = Duration.ofSeconds(30);

    private final Path work;
    private final Map<String, String> store;
    private final int port;
    private final Process process;

    RclonePeer(StackDescription.S3 s3, Path identity, Path work) throws IOException, InterruptedException {
        this.work = Files.createDirectories(work);
        this.store = new HashMap<>(new RcloneRemote("peer", s3).environment());
        store.put("RCLONE_CONFIG", work.resolve("rclone.conf").toString());
        rclone("mkdir", BUCKET);
        this.port = freePort();
        this.process = Programs.start(
                work.resolve("serve.log"),
                store,
                List.of(
                        "rclone",
                        "serve",
                        "restic",
                        "--addr",
                        "127.0.0.1:" + port,
                        "--cert",
                        identity.resolve("certificate.pem").toString(),
                        "--key",
                        identity.resolve("key.pem").toString(),
                        "--user",
                        LOGIN,
                        "--pass",
                        LOGIN,
                        BUCKET));
        awaitPort();
    }

    String origin() {
        return "rest:https://" + LOGIN + ":" + LOGIN + "@localhost:" + port + "/";
    }

    long pid() {
        return process.pid();
    }

    void delete(String repository) throws IOException, InterruptedException {
        rclone("purge", BUCKET + "/" + repository);
    }

    /** What the store itself gives to whole objects, many at once: MiB/s in and out. */
    record Raw(double putMebibytesPerSecond, double getMebibytesPerSecond) {}

    Raw raw(Path objects, long bytes) throws IOException, InterruptedException {
        var back = work.resolve("raw");
        var put = rclone("copy", "--transfers", "8", "--s3-upload-cutoff", "5G", objects.toString(), BUCKET + "/raw");
        var get = rclone("copy", "--transfers", "8", BUCKET + "/raw", back.toString());
        Side.delete(back);
        rclone("purge", BUCKET + "/raw");
        return new Raw(rate(bytes, put), rate(bytes, get));
    }

    private static double rate(long bytes, Duration took) {
        return bytes / 1048576.0 / (took.toNanos() / 1e9);
    }

    private Duration rclone(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of("rclone"));
        command.addAll(List.of(arguments));
        return Programs.time(work.resolve("rclone.log"), store, command);
    }

    private void awaitPort() throws IOException, InterruptedException {
        var until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until && process.isAlive()) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new LocalFailure("rclone serve restic did not start: " + Files.readString(work.resolve("serve.log")));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
