package org.domicile.platform.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans as a collector does (OTLP over HTTP, protobuf) and keeps them, as they came and as they read. */
public final class TraceReceiver implements AutoCloseable {
    private final Queue<byte[]> bodies = new ConcurrentLinkedQueue<>();
    private final Queue<Seen> spans = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    /**
     * A span that came.
     *
     * @param parent span id; empty at a trace's beginning
     * @param process attributes of the service that sent it
     * @param about its own attributes
     */
    public record Seen(
            String trace,
            String span,
            String parent,
            String name,
            Map<String, String> process,
            Map<String, String> about) {}

    public TraceReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** The spans of a trace that have come so far. */
    public List<Seen> of(String trace) {
        return spans.stream().filter(s -> s.trace().equals(trace)).toList();
    }

    public List<Seen> all() {
        return List.copyOf(spans);
    }

    /** Whether anything that came holds the text, wherever. */
    public boolean holds(String text) {
        return bodies.stream().anyMatch(b -> new String(b, StandardCharsets.ISO_8859_1).contains(text));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            read(body);
            bodies.add(body);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** opentelemetry/proto/collector/trace/v1/trace_service.proto and what it is made of, by field numbers. */
    private void read(byte[] request) {
        for (var resourceSpans : of(request, 1)) {
            var process = of(resourceSpans, 1).stream()
                    .map(resource -> attributes(resource, 1))
                    .findFirst()
                    .orElse(Map.of());
            for (var scopeSpans : of(resourceSpans, 2)) {
                for (var span : of(scopeSpans, 2)) {
                    spans.add(new Seen(
                            hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), process, attributes(span, 9)));
                }
            }
        }
    }

    private static Map<String, String> attributes(byte[] message, int field) {
        var read = new TreeMap<String, String>();
        for (var pair : of(message, field)) {
            of(pair, 2).forEach(value -> read.put(text(pair, 1), text(value, 1)));
        }
        return read;
    }

    private static String hex(byte[] message, int field) {
        return of(message, field).stream()
                .map(HexFormat.of()::formatHex)
                .findFirst()
                .orElse("");
    }

    private static String text(byte[] message, int field) {
        return of(message, field).stream()
                .map(b -> new String(b, StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }

    /** The values of a field that have a length: messages, texts, bytes. */
    private static List<byte[]> of(byte[] message, int field) {
        var found = new ArrayList<byte[]>();
        var rest = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            var tag = varint(rest);
            switch ((int) (tag & 7)) {
                case 0 -> varint(rest);
                case 1 -> rest.getLong();
                case 2 -> {
                    var value = new byte[(int) varint(rest)];
                    rest.get(value);
                    if (tag >>> 3 == field) {
                        found.add(value);
                    }
                }
                case 5 -> rest.getInt();
                default -> throw new IllegalArgumentException("not protobuf");
            }
        }
        return found;
    }

    private static long varint(ByteBuffer rest) {
        long value = 0;
        for (var shift = 0; ; shift += 7) {
            var next = rest.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
