package org.domicile.client.restic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Restic's REST protocol, version 2, in memory; can be told to fail. Knows the user "device" with the secret "secret". */
final class RestServer implements AutoCloseable {
    private static final String ROOT = "/restic/main/";
    private static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString("device:secret".getBytes(StandardCharsets.UTF_8));
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile int failEvery = Integer.MAX_VALUE;

    RestServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ROOT, this::handle);
        server.setExecutor(executor);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Every so many requests one is answered with 503 or has its connection cut. */
    void failEvery(int count) {
        failEvery = count;
    }

    int failures() {
        return failures.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (requests.incrementAndGet() % failEvery == 0) {
            if (failures.incrementAndGet() % 2 == 0) {
                exchange.getResponseHeaders().add("Retry-After", "0");
                exchange.sendResponseHeaders(503, -1);
            }
            exchange.close();
            return;
        }
        String path = exchange.getRequestURI().getPath().substring(ROOT.length());
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
        } else if (method.equals("GET")) {
            read(exchange, content);
        } else {
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static void read(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        Matcher matcher = RANGE.matcher(range == null ? "" : range);
        byte[] part = matcher.matches()
                ? Arrays.copyOfRange(
                        content,
                        Integer.parseInt(matcher.group(1)),
                        Math.min(content.length, Integer.parseInt(matcher.group(2)) + 1))
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
