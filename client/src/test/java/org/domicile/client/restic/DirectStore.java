package org.domicile.client.restic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The direct transfer of a service and its object store beside it, for the packs of a {@link RestServer}. */
final class DirectStore implements AutoCloseable {
    private final RestServer repository;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Map<String, byte[]> staging = new ConcurrentHashMap<>();
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger gets = new AtomicInteger();
    private volatile boolean reachable = true;
    private volatile int refusal;

    DirectStore(RestServer repository) throws IOException {
        this.repository = repository;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/elsewhere/direct/main/data/",
                exchange -> answer(
                        exchange,
                        421,
                        "{\"type\":\"https://domicile.dev/errors/wrong-region\",\"homeRegion\":\"here\",\"location\":\"%s\"}"
                                .formatted(origin())));
        server.createContext("/direct/main/data/", this::sign);
        server.createContext("/store/", this::transfer);
        server.setExecutor(executor);
        server.start();
    }

    String origin() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The store answers 403 to everything. */
    void makeUnreachable() {
        reachable = false;
    }

    /** The service answers so to all that asks for a URL. */
    void refuse(int status) {
        refusal = status;
    }

    int puts() {
        return puts.get();
    }

    int gets() {
        return gets.get();
    }

    private void sign(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String[] path = exchange.getRequestURI()
                .getPath()
                .substring("/direct/main/data/".length())
                .split("/");
        if (refusal != 0) {
            answer(exchange, refusal, "{\"type\":\"https://domicile.dev/errors/refused\"}");
        } else if (path.length == 2) {
            byte[] content = staging.remove(path[1]);
            repository.put("data/" + path[0], content);
            answer(exchange, 200, "{\"stored\":true}");
        } else {
            String upload = path[0].substring(0, 8);
            answer(
                    exchange,
                    exchange.getRequestMethod().equals("POST") ? 201 : 200,
                    "{\"uploadId\":\"%s\",\"url\":\"%s/store/%s\",\"headers\":{\"If-None-Match\":\"*\"},\"expiresAt\":\"2100-01-01T00:00:00Z\"}"
                            .formatted(
                                    upload,
                                    origin(),
                                    exchange.getRequestMethod().equals("POST") ? upload : "data/" + path[0]));
        }
    }

    private void transfer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/store/".length());
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!reachable) {
            answer(exchange, 403, "");
        } else if (exchange.getRequestMethod().equals("PUT")) {
            puts.incrementAndGet();
            boolean first = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))
                    && staging.putIfAbsent(path, body) == null;
            answer(exchange, first ? 200 : 412, "");
        } else if (repository.lost(path) != 0) {
            answer(exchange, repository.lost(path), "");
        } else {
            gets.incrementAndGet();
            String[] range = exchange.getRequestHeaders()
                    .getFirst("Range")
                    .substring("bytes=".length())
                    .split("-");
            byte[] content = repository.get(path);
            byte[] part = Arrays.copyOfRange(
                    content, Integer.parseInt(range[0]), Math.min(content.length, Integer.parseInt(range[1]) + 1));
            exchange.sendResponseHeaders(206, part.length);
            exchange.getResponseBody().write(part);
            exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
