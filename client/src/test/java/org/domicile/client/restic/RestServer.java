package org.domicile.client.restic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Restic's REST protocol, version 2, in memory; can be told to fail. Knows the user "device" with the secret "secret". */
public final class RestServer implements AutoCloseable {
    private static final String ROOT = "/restic/main/";
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString("device:secret".getBytes(StandardCharsets.UTF_8));
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Integer> lost = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final LongAdder packBytes = new LongAdder();
    private final AtomicInteger packsBegun = new AtomicInteger();
    private final Object packsChanged = new Object();
    private int packsOpen;
    private int mostPacksOpen;
    private int together = 1;
    private volatile int failEvery = Integer.MAX_VALUE;
    private volatile long alarmAt = Long.MAX_VALUE;
    private volatile Runnable alarm = () -> {};
    private volatile boolean endsAtPacks;
    private volatile boolean ended;

    public RestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ROOT, this::handle);
        server.setExecutor(executor);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Every so many requests one is answered with 503 or has its connection cut. */
    void failEvery(int count) {
        failEvery = count;
    }

    int failures() {
        return failures.get();
    }

    /** As if it had been uploaded. */
    void put(String path, byte[] content) {
        files.put(path, content);
    }

    byte[] get(String path) {
        return files.get(path);
    }

    /** Listed as before, but every GET of it is answered so. */
    void lose(String path, int status) {
        lost.put(path, status);
    }

    /** What a GET of it is answered with; 0 = its content. */
    int lost(String path) {
        return lost.getOrDefault(path, 0);
    }

    /** One byte is another: an answer with the whole file breaks off, as the service's does. */
    void rot(String path, int at) {
        byte[] content = files.get(path).clone();
        content[at] ^= 1;
        files.put(path, content);
    }

    /** From the first GET of a pack on everything is answered with 503. */
    void endAtPacks() {
        endsAtPacks = true;
    }

    /** Bytes of packs that came in, also of uploads that were cut off. */
    public long packBytesReceived() {
        return packBytes.sum();
    }

    /** Bytes of the packs that are stored. */
    public long packBytesStored() {
        return files.entrySet().stream()
                .filter(file -> file.getKey().startsWith("data/"))
                .mapToLong(file -> file.getValue().length)
                .sum();
    }

    /** Uploads of packs whose first bytes came in and that did not become a pack. */
    public long packsCutOff() {
        return packsBegun.get() - names("data").size();
    }

    /** No pack is answered before so many were being sent at the same time, or half a minute has passed. */
    void holdPacksUntil(int open) {
        together = open;
    }

    /** The most packs that were being sent at the same time. */
    int mostPacksOpen() {
        synchronized (packsChanged) {
            return mostPacksOpen;
        }
    }

    /** Names below the repository, such as {@code locks/…}. */
    public List<String> names(String folder) {
        return files.keySet().stream()
                .filter(name -> name.startsWith(folder + "/"))
                .toList();
    }

    /** Runs the action once, as soon as so many bytes of packs have come in. */
    public void whenReceived(long bytes, Runnable action) {
        alarm = action;
        alarmAt = bytes;
    }

    private byte[] read(HttpExchange exchange) throws IOException {
        boolean pack = exchange.getRequestMethod().equals("POST")
                && exchange.getRequestURI().getPath().startsWith(ROOT + "data/");
        if (!pack) {
            return read(exchange, false);
        }
        open();
        try {
            return read(exchange, true);
        } finally {
            synchronized (packsChanged) {
                packsOpen--;
            }
        }
    }

    private void open() {
        packsBegun.incrementAndGet();
        long until = System.nanoTime() + PATIENCE.toNanos();
        synchronized (packsChanged) {
            packsOpen++;
            mostPacksOpen = Math.max(mostPacksOpen, packsOpen);
            packsChanged.notifyAll();
            try {
                while (mostPacksOpen < together && System.nanoTime() < until) {
                    packsChanged.wait(PATIENCE.toMillis() / 10);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private byte[] read(HttpExchange exchange, boolean pack) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[16 * 1024];
        InputStream input = exchange.getRequestBody();
        for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
            body.write(piece, 0, count);
            if (pack) {
                packBytes.add(count);
                ring();
            }
        }
        return body.toByteArray();
    }

    private synchronized void ring() {
        if (packBytes.sum() >= alarmAt) {
            alarmAt = Long.MAX_VALUE;
            alarm.run();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = read(exchange);
        if (requests.incrementAndGet() % failEvery == 0) {
            if (failures.incrementAndGet() % 2 == 0) {
                exchange.getResponseHeaders().add("Retry-After", "0");
                exchange.sendResponseHeaders(503, -1);
            }
            exchange.close();
            return;
        }
        String path = exchange.getRequestURI().getPath().substring(ROOT.length());
        ended |= endsAtPacks && exchange.getRequestMethod().equals("GET") && path.matches("data/.+");
        if (ended) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        if (!AUTHORIZATION.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.sendResponseHeaders(401, -1);
        } else if (path.isEmpty()) {
            exchange.sendResponseHeaders(200, -1);
        } else if (path.endsWith("/")) {
            list(exchange, path);
        } else {
            file(exchange, path, body);
        }
        exchange.close();
    }

    private void list(HttpExchange exchange, String folder) throws IOException {
        StringBuilder json = new StringBuilder("[");
        files.forEach((path, content) -> {
            if (path.startsWith(folder)) {
                json.append(json.length() > 1 ? "," : "")
                        .append("{\"name\":\"")
                        .append(path.substring(folder.length()));
                json.append("\",\"size\":").append(content.length).append('}');
            }
        });
        byte[] answer = json.append(']').toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.x.restic.rest.v2");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }

    private void file(HttpExchange exchange, String path, byte[] body) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("POST")) {
            boolean right = path.equals("config") || path.endsWith("/" + Id.hash(body));
            if (right) {
                files.put(path, body);
            }
            exchange.sendResponseHeaders(right ? 200 : 400, -1);
            return;
        }
        byte[] content = method.equals("DELETE") ? files.remove(path) : files.get(path);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (method.equals("GET") && lost(path) != 0) {
            exchange.getResponseHeaders().add("Retry-After", "0");
            exchange.sendResponseHeaders(lost(path), -1);
        } else if (method.equals("GET") && isRotten(path, content)) {
            breakOff(exchange, content);
        } else if (method.equals("GET")) {
            read(exchange, content);
        } else {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static boolean isRotten(String path, byte[] content) {
        return path.startsWith("data/") && !path.endsWith("/" + Id.hash(content));
    }

    /** Of a part that is not the whole file nobody knows. */
    private static void breakOff(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && !range.equals("bytes=0-" + (content.length - 1))) {
            read(exchange, content);
            return;
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, content.length);
        exchange.getResponseBody().write(content, 0, content.length / 2);
        exchange.getResponseBody().flush();
    }

    private static void read(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        Matcher matcher = RANGE.matcher(range == null ? "" : range);
        byte[] part = matcher.matches()
                ? Arrays.copyOfRange(
                        content,
                        Integer.parseInt(matcher.group(1)),
                        matcher.group(2).isEmpty()
                                ? content.length
                                : Math.min(content.length, Integer.parseInt(matcher.group(2)) + 1))
                : content;
        exchange.sendResponseHeaders(matcher.matches() ? 206 : 200, part.length);
        exchange.getResponseBody().write(part);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
