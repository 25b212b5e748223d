package org.domicile.participant.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A library's shelves and loans, in memory, as a participant: written from {@code docs/outside-systems.md} and nothing else, on the
 * JDK's own HTTP server.
 */
public final class Library {
    /** Classes of data, books before the loans that refer to them. */
    public static final List<String> CLASSES = List.of("books", "loans");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/participant/v1";

    private final String service;
    private final String region;
    private final String token;
    private final Map<String, String> regionKeys;
    private final Set<Guard> guards;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
    private long books;

    /**
     * @param regionKeys region → its Ed25519 public key, base64 of its X.509 form
     * @param without a guard to leave out; null = none
     */
    public Library(String service, String region, String token, Map<String, String> regionKeys, Guard without) {
        this.service = service;
        this.region = region;
        this.token = token;
        this.regionKeys = Map.copyOf(regionKeys);
        this.guards = EnumSet.allOf(Guard.class);
        guards.remove(without);
    }

    /** Serves it on a server, which may be one of TLS. */
    public void serve(HttpServer server) {
        server.createContext(BASE, this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private boolean has(Guard guard) {
        return guards.contains(guard);
    }

    /** An account here: its fence row and its records. Everything on it holds its lock. */
    private static final class Shelf {
        String mode = "NONE";
        long epoch;
        long version;
        final Map<String, Map<String, Entry>> records = new TreeMap<>();

        Map<String, Entry> of(String recordClass) {
            return records.computeIfAbsent(recordClass, c -> new TreeMap<>());
        }
    }

    private record Entry(long version, JsonNode data) {}

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int status;

        Refusal(int status, String detail) {
            super(detail);
            this.status = status;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange, 200, route(exchange));
            } catch (Refusal refusal) {
                answer(exchange, refusal.status, JSON.createObjectNode().put("detail", refusal.getMessage()));
            } catch (RuntimeException | GeneralSecurityException bad) {
                answer(exchange, 400, JSON.createObjectNode().put("detail", String.valueOf(bad.getMessage())));
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        var bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private JsonNode route(HttpExchange exchange) throws IOException, GeneralSecurityException {
        if (has(Guard.TOKEN)
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            throw new Refusal(401, "Present the token.");
        }
        var path = exchange.getRequestURI().getPath().substring(BASE.length()).split("/");
        var method = exchange.getRequestMethod();
        var body = JSON.readTree(exchange.getRequestBody());
        if (path.length <= 1) {
            return described();
        }
        if (path[1].equals("commands")) {
            return command(body.path("jws").textValue());
        }
        var shelf = shelves.computeIfAbsent(path[2], a -> new Shelf());
        synchronized (shelf) {
            if (path.length == 3) {
                return method.equals("PUT") ? open(shelf, body.path("epoch").longValue()) : row(shelf);
            }
            return switch (path[3] + " " + method) {
                case "records GET" ->
                    page(shelf, path[4], exchange.getRequestURI().getQuery());
                case "records POST" -> records(shelf, path[4], strings(body.path("keys")));
                case "records PUT" -> shadowWrite(shelf, path[4], body);
                case "keys GET" -> keys(shelf, path[4]);
                case "digest POST" ->
                    digest(shelf, Base64.getDecoder().decode(body.path("key").textValue()));
                case "check POST" -> check(shelf, body);
                default -> throw new Refusal(404, "There is no such resource.");
            };
        }
    }

    private JsonNode described() {
        var said = JSON.createObjectNode().put("service", service).put("region", region);
        CLASSES.forEach(said.putArray("classes")::add);
        return said;
    }

    private JsonNode row(Shelf shelf) {
        return JSON.createObjectNode()
                .put("mode", shelf.mode)
                .put("epoch", shelf.epoch)
                .put("version", shelf.version)
                .put("done", true)
                .put(
                        "left",
                        shelf.mode.equals("NONE")
                                ? shelf.records.values().stream()
                                        .mapToInt(Map::size)
                                        .sum()
                                : 0);
    }

    private JsonNode open(Shelf shelf, long epoch) {
        var absent = shelf.epoch == 0;
        var tombstone = shelf.mode.equals("NONE") && !absent;
        if (absent || !has(Guard.OPENED_ONCE) && !tombstone || !has(Guard.OPENED_TOMBSTONE) && tombstone) {
            shelf.mode = "OWN";
            shelf.epoch = epoch;
        }
        return row(shelf);
    }

    private JsonNode command(String jws) throws IOException, GeneralSecurityException {
        var command = verified(jws);
        if (has(Guard.ADDRESS)
                && !(command.path("service").asText().equals(service)
                        && command.path("region").asText().equals(region))) {
            throw new Refusal(403, "The command is for another participant.");
        }
        var shelf = shelves.computeIfAbsent(command.path("accountId").textValue(), a -> new Shelf());
        synchronized (shelf) {
            var epoch = command.path("epoch").longValue();
            var stale = epoch < shelf.epoch && has(Guard.LOWER_EPOCH) || epoch == shelf.epoch && has(Guard.EQUAL_EPOCH);
            if (!stale) {
                execute(shelf, command, epoch);
                shelf.notifyAll();
            }
            return row(shelf);
        }
    }

    private JsonNode verified(String jws) throws IOException, GeneralSecurityException {
        var parts = jws.split("\\.", -1);
        if (parts.length != 3) {
            throw new Refusal(400, "This is not a compact JWS.");
        }
        var header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        var command = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        var issuer = header.path("kid").asText();
        if (has(Guard.ALGORITHM) && !header.path("alg").asText().equals("EdDSA")
                || has(Guard.ISSUER) && !command.path("issuer").asText().equals(issuer)
                || !regionKeys.containsKey(issuer)) {
            throw new Refusal(403, "The command is not signed by the region that it names.");
        }
        var key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(regionKeys.get(issuer))));
        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        if (has(Guard.SIGNATURE) && !signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
            throw new Refusal(403, "The signature does not match.");
        }
        return command;
    }

    private void execute(Shelf shelf, JsonNode command, long epoch) {
        switch (command.path("operation").textValue()) {
            case "shadow" -> {
                if (!has(Guard.RETURN) && shelf.mode.equals("NONE") && shelf.epoch > 0) {
                    return;
                }
                if (has(Guard.EMPTY_SHADOW)) {
                    shelf.records.clear();
                }
                shelf.version = 0;
                shelf.mode = "SHADOW";
            }
            case "freeze" -> shelf.mode = "FROZEN";
            case "close" -> {
                var mine = shelf.mode.equals("SHADOW")
                        && shelf.epoch == command.path("shadowEpoch").longValue();
                if (!mine && has(Guard.CLOSE_OF_SHADOW)) {
                    throw new Refusal(409, "There is no shadow of this move to close.");
                }
                shelf.mode = "CLOSED";
                if (has(Guard.COUNTER)) {
                    shelf.version = command.path("manifest").path("counter").longValue();
                }
            }
            case "activate" -> shelf.mode = "OWN";
            case "keep", "feed" -> {
                shelf.mode = "SHADOW";
                if (!has(Guard.KEPT_RECORDS)) {
                    shelf.records.clear();
                }
            }
            case "purge" -> {
                if (has(Guard.PURGE)) {
                    shelf.records.clear();
                } else {
                    shelf.of(CLASSES.getLast()).clear();
                }
                shelf.version = 0;
                shelf.mode = "NONE";
            }
            default -> throw new Refusal(400, "This operation is not known.");
        }
        shelf.epoch = epoch;
    }

    private JsonNode page(Shelf shelf, String recordClass, String query) {
        var after = Long.parseLong(query.replaceAll(".*after=(-?\\d+).*", "$1"));
        var limit = Long.parseLong(query.replaceAll(".*limit=(\\d+).*", "$1"));
        var order = has(Guard.VERSION_ORDER)
                ? Comparator.<Map.Entry<String, Entry>>comparingLong(
                        e -> e.getValue().version())
                : Map.Entry.<String, Entry>comparingByKey();
        // every version here has one record, so that a page never splits one
        var keys = shelf.of(recordClass).entrySet().stream()
                .filter(e -> e.getValue().version() > after)
                .sorted(order)
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
        return records(shelf, recordClass, keys);
    }

    private JsonNode records(Shelf shelf, String recordClass, List<String> keys) {
        var answer = JSON.createObjectNode();
        var list = answer.putArray("records");
        for (var key : keys) {
            var entry = shelf.of(recordClass).get(key);
            if (entry != null) {
                list.addObject().put("key", key).put("version", entry.version()).set("data", entry.data());
            }
        }
        return answer;
    }

    private JsonNode keys(Shelf shelf, String recordClass) {
        var answer = JSON.createObjectNode();
        var keys = answer.putObject("keys");
        shelf.of(recordClass).forEach((key, entry) -> keys.put(key, entry.version()));
        return answer;
    }

    private JsonNode shadowWrite(Shelf shelf, String recordClass, JsonNode body) {
        if (has(Guard.SHADOW_MODE) && !shelf.mode.equals("SHADOW")
                || has(Guard.SHADOW_EPOCH)
                        && shelf.epoch != body.path("shadowEpoch").longValue()) {
            throw new Refusal(409, "There is no shadow of this epoch.");
        }
        for (var record : body.path("records")) {
            var key = record.path("key").textValue();
            var version = record.path("version").longValue();
            var known = shelf.of(recordClass).get(key);
            if (known == null || version > known.version() || !has(Guard.NEWER_ONLY)) {
                shelf.of(recordClass).put(key, new Entry(version, kept(record.path("data"))));
            }
        }
        if (has(Guard.REMOVAL)) {
            shelf.of(recordClass).keySet().removeAll(strings(body.path("remove")));
        }
        return JSON.createObjectNode();
    }

    private JsonNode kept(JsonNode data) {
        if (has(Guard.LOSSLESS)) {
            return data;
        }
        var poorer = (ObjectNode) data.deepCopy();
        poorer.remove("note");
        return poorer;
    }

    private JsonNode digest(Shelf shelf, byte[] key) throws GeneralSecurityException {
        var answer = JSON.createObjectNode();
        var classes = answer.putObject("classes");
        for (var recordClass : CLASSES) {
            var macs = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
            for (var e : shelf.of(recordClass).entrySet()) {
                var version =
                        has(Guard.DIGEST_VERSION) ? Long.toString(e.getValue().version()) : "";
                macs.put(
                        e.getKey().getBytes(UTF_8),
                        mac(
                                key,
                                recordClass + "\0" + e.getKey() + "\0" + version + "\0"
                                        + canonical(e.getValue().data())));
            }
            var sha256 = MessageDigest.getInstance("SHA-256");
            macs.values().forEach(sha256::update);
            classes.putObject(recordClass)
                    .put("count", macs.size())
                    .put("digest", HexFormat.of().formatHex(sha256.digest()));
        }
        return answer;
    }

    private byte[] mac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(has(Guard.DIGEST_KEY) ? key : new byte[32], "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private String canonical(JsonNode value) {
        if (value.isObject()) {
            var members = new ArrayList<String>();
            value.fieldNames().forEachRemaining(members::add);
            if (has(Guard.CANONICAL_ORDER)) {
                members.sort(null);
            }
            return members.stream()
                    .map(m -> JSON.getNodeFactory().textNode(m) + ":" + canonical(value.get(m)))
                    .collect(java.util.stream.Collectors.joining(",", "{", "}"));
        }
        if (value.isArray()) {
            var items = new ArrayList<String>();
            value.forEach(item -> items.add(canonical(item)));
            return "[" + String.join(",", items) + "]";
        }
        return value.toString();
    }

    /** A client's ordinary write, for the kit: a book or loan is added, changed or given away. */
    private JsonNode check(Shelf shelf, JsonNode body) {
        var key = body.path("key").asText("book " + ++books);
        var deletion = body.path("delete").asBoolean();
        if (has(Guard.FENCE_IN_THE_WRITE)) {
            pass(shelf, deletion);
        } else {
            // looks, lets go, and writes later: as a gateway or a cache would check
            pass(shelf, deletion);
            release(shelf);
        }
        var entries = shelf.of(body.path("class").textValue());
        if (deletion) {
            shelf.version += has(Guard.VERSION_OF_DELETION) ? 1 : 0;
            entries.remove(key);
        } else {
            shelf.version++;
            entries.put(key, new Entry(has(Guard.VERSION_OF_WRITE) ? shelf.version : 1, sample(key)));
        }
        return JSON.createObjectNode().put("key", key).put("version", shelf.version);
    }

    private void pass(Shelf shelf, boolean deletion) {
        var fenced =
                switch (shelf.mode) {
                    case "OWN" -> false;
                    case "FROZEN" -> has(Guard.FENCE_FROZEN);
                    case "SHADOW" -> has(Guard.FENCE_SHADOW);
                    case "CLOSED" -> has(Guard.FENCE_CLOSED);
                    default -> has(shelf.epoch == 0 ? Guard.MISSING_ROW : Guard.FENCE_NONE);
                };
        if (fenced && (!deletion || has(Guard.FENCE_DELETIONS))) {
            throw new Refusal(503, "The account is not written here now: try again in a second.");
        }
    }

    private static void release(Shelf shelf) {
        try {
            shelf.wait(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode sample(String key) {
        var data = JSON.createObjectNode()
                .put("title", "\"Öl\" & 水\n\u0001 " + key)
                .put("price", "12.50");
        data.putNull("note");
        data.putArray("tags").add("a/b").add(9_007_199_254_740_991L).add(true);
        data.putObject("place").put("shelf", -3).put("Room", "");
        return data;
    }

    private static List<String> strings(JsonNode array) {
        var strings = new ArrayList<String>();
        array.forEach(item -> strings.add(item.textValue()));
        return strings;
    }
}
