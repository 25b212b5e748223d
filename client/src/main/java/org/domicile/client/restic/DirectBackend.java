package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;

/**
 * Packs straight to and from the store, by URLs that the service signs for one transfer each; all else, and every pack where that does
 * not work, through the service. What is put becomes part of the repository only when the service has verified it and says so.
 */
public final class DirectBackend implements Backend {
    /** Regions that are asked one after the other while an account moves. */
    private static final int HOPS = 2;

    private static final int MISDIRECTED = 421;
    private static final int NOT_FOUND = 404;
    /** The store has the content already: the answer to an earlier try was lost. */
    private static final int PRECONDITION_FAILED = 412;
    /** A URL that ends sooner is not used again, seconds. */
    private static final long MARGIN = 15;

    private static final int KEPT_URLS = 1_000;

    private final Backend streaming;
    private final Http service;
    private final Http store;
    private final String authorization;
    private final Bandwidth upload;
    private final Bandwidth download;
    private final Clock clock;
    private final Consumer<String> notice;
    private final AtomicBoolean off = new AtomicBoolean();
    private final Map<String, Signed> downloads = new ConcurrentHashMap<>();
    private volatile Home home;

    /** @param epoch at which that is the account's home; 0 = not told yet */
    private record Home(URI base, long epoch) {}

    private record Signed(URI url, Map<String, String> headers, Instant expires) {}

    /**
     * @param streaming the same repository through the service
     * @param service for requests to the service
     * @param store for requests to the store, whose certificate is another
     * @param base {@code …/direct/REPOSITORY/} at the service
     * @param notice told once, in a sentence, when the store cannot be used and packs go through the service from then on
     */
    public DirectBackend(
            Backend streaming,
            Http service,
            Http store,
            URI base,
            String user,
            String secret,
            Bandwidth upload,
            Bandwidth download,
            Clock clock,
            Consumer<String> notice) {
        this.streaming = streaming;
        this.service = service;
        this.store = store;
        this.home = new Home(base, 0);
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
        this.upload = upload;
        this.download = download;
        this.clock = clock;
        this.notice = notice;
    }

    @Override
    public void save(FileType type, String name, List<byte[]> content) throws IOException {
        if (type != FileType.PACK || off.get() || !put(name, content)) {
            streaming.save(type, name, content);
        }
    }

    /** False when it must go through the service; a refusal of the service that streaming would meet, too, is thrown. */
    private boolean put(String name, List<byte[]> content) throws IOException {
        long size = content.stream().mapToLong(part -> part.length).sum();
        JsonNode begun =
                ask("POST", name, Json.bytes(Json.MAPPER.createObjectNode().put("size", size)));
        if (begun == null) {
            return false;
        }
        if (begun.path("stored").asBoolean()) {
            return true;
        }
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(begun.path("url").asText()))
                    .PUT(BodyPublishers.fromPublisher(
                            BodyPublishers.ofInputStream(() -> upload.limit(RestBackend.stream(content))), size));
            headers(begun).forEach(request::header);
            send(request.build());
        } catch (IOException e) {
            fallBack(e);
            return false;
        }
        return ask("POST", name + "/" + begun.path("uploadId").asText(), new byte[0]) != null;
    }

    private void send(HttpRequest request) throws IOException {
        try {
            store.send(request);
        } catch (ProblemException e) {
            if (e.status() != PRECONDITION_FAILED) {
                throw e;
            }
        }
    }

    @Override
    public byte[] load(FileType type, String name, long offset, int length) throws IOException {
        if (type == FileType.PACK && !off.get()) {
            byte[] content = get(name, offset, length);
            if (content != null) {
                return content;
            }
        }
        return streaming.load(type, name, offset, length);
    }

    /** Null when it must come through the service. */
    private byte[] get(String name, long offset, int length) throws IOException {
        Signed signed = downloads.get(name);
        if (signed == null || clock.instant().plusSeconds(MARGIN).isAfter(signed.expires())) {
            JsonNode answer = ask("GET", name, null);
            if (answer == null) {
                return null;
            }
            signed = new Signed(
                    URI.create(answer.path("url").asText()),
                    headers(answer),
                    Instant.parse(answer.path("expiresAt").asText()));
            if (downloads.size() >= KEPT_URLS) {
                downloads.clear();
            }
            downloads.put(name, signed);
        }
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(signed.url())
                    .header("Range", "bytes=" + offset + "-" + (offset + length - 1))
                    .GET();
            signed.headers().forEach(request::header);
            HttpResponse<byte[]> response = store.send(request.build(), true, PacedBody.handler(download));
            return response.statusCode() == 206 && response.body().length == length ? response.body() : null;
        } catch (IOException e) {
            downloads.remove(name);
            if (!(e instanceof ProblemException answer && answer.status() == NOT_FOUND)) {
                fallBack(e);
            }
            return null;
        }
    }

    /** The store cannot be reached from here, or does not take what was signed: the service can. */
    private void fallBack(IOException reason) {
        if (off.compareAndSet(false, true)) {
            notice.accept(
                    "Content goes through the service, not straight to the store, from now on: " + reason.getMessage());
        }
    }

    /**
     * Asks the service, at the account's home.
     *
     * @return null when direct transfer is off or the service could not do it
     */
    private JsonNode ask(String method, String path, byte[] body) throws IOException {
        return ask(method, path, body, HOPS);
    }

    private JsonNode ask(String method, String path, byte[] body, int hops) throws IOException {
        Home asked = home;
        try {
            return send(asked, method, path, body);
        } catch (ProblemException e) {
            if (e.status() == MISDIRECTED && e.location().isPresent()) {
                home = moved(asked, e);
                return hops == 0 ? null : ask(method, path, body, hops - 1);
            }
            if (e.status() == NOT_FOUND && method.equals("POST")) {
                off.set(true);
            }
            if (e.status() == 403 || e.status() == 507) {
                throw e;
            }
            return null;
        }
    }

    /** The same repository at another region's service. */
    private static Home moved(Home asked, ProblemException told) {
        String service = told.location().orElseThrow().toString().replaceAll("/+$", "");
        String path = asked.base().getPath();
        return new Home(
                URI.create(service + path.substring(path.indexOf("/direct/"))),
                Math.max(asked.epoch(), told.extension("epoch").asLong()));
    }

    private JsonNode send(Home asked, String method, String path, byte[] body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(asked.base().resolve("data/" + path)).header("Authorization", authorization);
        if (asked.epoch() > 0) {
            request.header("Domicile-Epoch", Long.toString(asked.epoch()));
        }
        if (body == null) {
            request.GET();
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofByteArray(body));
        }
        return Json.parse(service.send(request.build(), true).body());
    }

    private static Map<String, String> headers(JsonNode signed) {
        Map<String, String> headers = new ConcurrentHashMap<>();
        signed.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        return headers;
    }

    @Override
    public void create() throws IOException {
        streaming.create();
    }

    @Override
    public byte[] load(FileType type, String name) throws IOException {
        return streaming.load(type, name);
    }

    @Override
    public boolean exists(FileType type, String name) throws IOException {
        return streaming.exists(type, name);
    }

    @Override
    public List<Entry> list(FileType type) throws IOException {
        return streaming.list(type);
    }

    @Override
    public void remove(FileType type, String name) throws IOException {
        streaming.remove(type, name);
    }

    @Override
    public String toString() {
        return streaming.toString();
    }
}
