package org.domicile.client.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers as a test says; what it was not told is 500. */
public final class ScriptedServer implements AutoCloseable {

    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public static Answer json(int status, String body) {
            return new Answer(
                    status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
        }

        public static Answer problem(int status, String code, String fields) {
            return json(status, "{\"type\":\"https://domicile.dev/errors/" + code + "\"," + fields + "}");
        }

        public Answer with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, more, body);
        }
    }

    private final HttpServer server;
    private final Map<String, Queue<Answer>> once = new ConcurrentHashMap<>();
    private final Map<String, Answer> always = new ConcurrentHashMap<>();
    private final Map<String, Headers> headers = new ConcurrentHashMap<>();
    private final Map<String, List<String>> queries = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    public ScriptedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** @param request method and path */
    public void next(String request, Answer answer) {
        once.computeIfAbsent(request, key -> new ArrayDeque<>()).add(answer);
    }

    public void always(String request, Answer answer) {
        always.put(request, answer);
    }

    public int count(String request) {
        return counts.getOrDefault(request, new AtomicInteger()).get();
    }

    /** What followed the path's question mark in each such request, in order; {@code null} as text if nothing did. */
    public List<String> queries(String request) {
        return queries.getOrDefault(request, List.of());
    }

    /** @return null if the last such request had none of the name */
    public String lastHeader(String request, String name) {
        return headers.get(request).getFirst(name);
    }

    /** @return empty if there was no such request */
    public String lastBody(String request) {
        return bodies.getOrDefault(request, "");
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        bodies.put(request, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        counts.computeIfAbsent(request, key -> new AtomicInteger()).incrementAndGet();
        headers.put(request, exchange.getRequestHeaders());
        queries.computeIfAbsent(request, key -> new CopyOnWriteArrayList<>())
                .add(String.valueOf(exchange.getRequestURI().getQuery()));
        Queue<Answer> queue = once.getOrDefault(request, new ArrayDeque<>());
        Answer answer = queue.isEmpty() ? always.getOrDefault(request, Answer.json(500, "{}")) : queue.remove();
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
