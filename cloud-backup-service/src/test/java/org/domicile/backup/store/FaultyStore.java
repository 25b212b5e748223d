package org.domicile.backup.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.domicile.backup.testing.S3ProxyResource;

/** Stands between the service and its store, and breaks what passes in the way that a test asks for. */
public final class FaultyStore implements QuarkusTestResourceLifecycleManager {
    /** What is broken; those that cut, corrupt or stall answers and requests do so in the middle of a transfer. */
    public enum Fault {
        NONE,
        UNAVAILABLE,
        /** The answer to the next PUT that the store does does not come back. */
        LOSE_PUT_ANSWER,
        /** A deletion of many objects is answered as done and never reaches the store. */
        CLAIM_DELETION,
        CUT_REQUESTS,
        CUT_ANSWERS,
        CORRUPT_REQUESTS,
        CORRUPT_ANSWERS,
        STALL_ANSWERS,
        /** Of the copy that the store made. */
        STALL_COPY_ANSWERS,
        STALL
    }

    private static final int MIDDLE = 60_000;
    private static final byte[] SLOW_DOWN =
            "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] ALL_DELETED =
            ("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 77\r\nConnection: close\r\n\r\n"
                            + "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></DeleteResult>")
                    .getBytes(US_ASCII);
    private static final Pattern METHOD = Pattern.compile("^[A-Z]+ /\\S* HTTP/1.1$");
    private static final Pattern DELETION = Pattern.compile("^POST /\\S*\\?delete\\b");
    private static final Pattern COPY = Pattern.compile("(?i)\r\nx-amz-copy-source: ");
    private static final Pattern LENGTH = Pattern.compile("(?is)\r\ncontent-length: (\\d+)\r\n(?:[^\r]+\r\n)*\r\n");
    private static final AtomicInteger DELETIONS = new AtomicInteger();
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

    public static Fault fault() {
        return fault;
    }

    /** @param nth of the deletions of many objects from now on, of which the first is 1 */
    public static void claimDeletion(int nth) {
        DELETIONS.set(nth);
        set(Fault.CLAIM_DELETION);
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
                var link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), S3ProxyResource.port()));
                OPEN.incrementAndGet();
                threads.submit(() -> link.pass(true));
                threads.submit(() -> link.pass(false));
            } catch (IOException closed) {
                // the test has ended, or one connection could not be made: its client sees that
            }
        }
    }

    /** One connection of the service, and the one to the store that belongs to it. */
    private static final class Link {
        private final Socket client;
        private final Socket store;
        /** Whether the last request was one. */
        private volatile boolean put;
        /** Whether the last request was one for a copy. */
        private volatile boolean copies;

        Link(Socket client, Socket store) {
            this.client = client;
            this.store = store;
        }

        /** Both directions end together; the request's direction counts. */
        void pass(boolean request) {
            try (client;
                    store) {
                pump(request);
            } catch (IOException | InterruptedException cut) {
                // the other side sees a connection that ends
            } finally {
                if (request) {
                    OPEN.decrementAndGet();
                }
            }
        }

        private void pump(boolean request) throws IOException, InterruptedException {
            var in = (request ? client : store).getInputStream();
            var out = (request ? store : client).getOutputStream();
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
                var line = firstLine(buffer, n);
                if (request && METHOD.matcher(line).find()) {
                    put = line.startsWith("PUT ");
                    copies = COPY.matcher(new String(buffer, 0, n, ISO_8859_1)).find();
                }
                if (!request && copies && now == Fault.STALL_COPY_ANSWERS) {
                    now = unless(Fault.STALL_COPY_ANSWERS);
                }
                if (request && now == Fault.UNAVAILABLE) {
                    client.getOutputStream().write(SLOW_DOWN);
                    return;
                }
                if (!request && now == Fault.LOSE_PUT_ANSWER && put && line.startsWith("HTTP/1.1 200")) {
                    set(Fault.NONE);
                    return;
                }
                if (request
                        && now == Fault.CLAIM_DELETION
                        && DELETION.matcher(line).find()
                        && DELETIONS.decrementAndGet() == 0) {
                    set(Fault.NONE);
                    claim(in, new String(buffer, 0, n, ISO_8859_1));
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

        /** Reads the rest of a request and answers it as done. */
        private void claim(InputStream in, String begun) throws IOException {
            var request = new StringBuilder(begun);
            while (!isWhole(request)) {
                request.append((char) in.read());
            }
            client.getOutputStream().write(ALL_DELETED);
        }

        private static boolean isWhole(CharSequence request) {
            var length = LENGTH.matcher(request);
            return length.find() && request.length() >= length.end() + Integer.parseInt(length.group(1));
        }

        private static String firstLine(byte[] buffer, int n) {
            return new String(buffer, 0, Math.min(n, 200), ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("");
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
