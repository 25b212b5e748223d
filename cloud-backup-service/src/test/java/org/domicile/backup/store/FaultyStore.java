package org.domicile.backup.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.domicile.backup.testing.S3ProxyResource;

/** Stands between the service and its store, and breaks what passes in the way that a test asks for. */
public final class FaultyStore implements QuarkusTestResourceLifecycleManager {
    /** What is broken; all but {@code UNAVAILABLE} and {@code STALL} happens in the middle of a transfer. */
    public enum Fault {
        NONE,
        UNAVAILABLE,
        CUT_REQUESTS,
        CUT_ANSWERS,
        CORRUPT_REQUESTS,
        CORRUPT_ANSWERS,
        STALL_ANSWERS,
        STALL
    }

    private static final int MIDDLE = 60_000;
    private static final byte[] SLOW_DOWN =
            "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
    private static final Object CHANGED = new Object();
    private static final AtomicInteger OPEN = new AtomicInteger();
    private static final AtomicInteger STALLED = new AtomicInteger();
    private static volatile Fault fault = Fault.NONE;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocket server;

    public static void set(Fault next) {
        synchronized (CHANGED) {
            fault = next;
            CHANGED.notifyAll();
        }
    }

    /** Connections of the service that are open now. */
    public static int open() {
        return OPEN.get();
    }

    /** Transfers that wait for a stall to end. */
    public static int stalled() {
        return STALLED.get();
    }

    @Override
    public int order() {
        return 1;
    }

    @Override
    public Map<String, String> start() {
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.submit(this::accept);
        return Map.of("quarkus.s3.endpoint-override", "http://127.0.0.1:" + server.getLocalPort());
    }

    @Override
    public void stop() {
        set(Fault.NONE);
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var store = new Socket(InetAddress.getLoopbackAddress(), S3ProxyResource.port());
                OPEN.incrementAndGet();
                threads.submit(() -> pass(client, store, client, true));
                threads.submit(() -> pass(store, client, client, false));
            } catch (IOException closed) {
                // the test has ended, or one connection could not be made: its client sees that
            }
        }
    }

    /** Both directions end together; the request's direction counts. */
    private static void pass(Socket from, Socket to, Socket client, boolean request) {
        try (from;
                to) {
            pump(from.getInputStream(), to.getOutputStream(), client, request);
        } catch (IOException | InterruptedException cut) {
            // the other side sees a connection that ends
        } finally {
            if (request) {
                OPEN.decrementAndGet();
            }
        }
    }

    private static void pump(InputStream in, OutputStream out, Socket client, boolean request)
            throws IOException, InterruptedException {
        var buffer = new byte[16_384];
        long passed = 0;
        var before = Fault.NONE;
        for (int n; (n = in.read(buffer)) >= 0; ) {
            var now = unless(Fault.STALL);
            if (now != before) {
                passed = 0;
                before = now;
            }
            var middle = passed + n > MIDDLE && passed <= MIDDLE;
            if (request && now == Fault.UNAVAILABLE) {
                client.getOutputStream().write(SLOW_DOWN);
                return;
            }
            if (middle && now == (request ? Fault.CUT_REQUESTS : Fault.CUT_ANSWERS)) {
                return;
            }
            if (middle && !request && now == Fault.STALL_ANSWERS) {
                now = unless(Fault.STALL_ANSWERS);
            }
            if (middle && now == (request ? Fault.CORRUPT_REQUESTS : Fault.CORRUPT_ANSWERS)) {
                buffer[n - 1] ^= 1;
            }
            passed += n;
            out.write(buffer, 0, n);
        }
    }

    /** Waits until it is another fault. */
    private static Fault unless(Fault stall) throws InterruptedException {
        synchronized (CHANGED) {
            while (fault == stall) {
                STALLED.incrementAndGet();
                try {
                    CHANGED.wait();
                } finally {
                    STALLED.decrementAndGet();
                }
            }
            return fault;
        }
    }
}
