package org.domicile.messaging.fault;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** An application server that sends to one subscription, the next message when the last was answered. */
final class Application implements Runnable {
    static final Duration LASTING = Duration.ofMinutes(10);
    /** Bytes: as large as a message may be, but for the space that encryption takes. */
    private static final int BODY = 4_096;

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int subscription;
    private final String path;
    private final Supplier<URI> anyInstance;
    private final History history;
    private final Random random;
    private final Map<String, Long> receiptsDue = new ConcurrentHashMap<>();
    private volatile String receipts;
    private volatile boolean stopped;

    Application(int subscription, String endpoint, Supplier<URI> anyInstance, History history, long seed) {
        this.subscription = subscription;
        this.path = URI.create(endpoint).getPath();
        this.anyInstance = anyInstance;
        this.history = history;
        this.random = new Random(seed);
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                switch (random.nextInt(8)) {
                    case 0 -> send(SHORT, Map.of());
                    case 1 -> send(Duration.ZERO, Map.of());
                    case 2, 3 -> send(LASTING, Map.of("Topic", "news"));
                    case 4 -> send(LASTING, Map.of("Prefer", "respond-async"));
                    default -> send(LASTING, Map.of());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for the receipts that have not come yet. @return whether none is missing */
    boolean hasItsReceipts() throws IOException, InterruptedException {
        if (receiptsDue.isEmpty()) {
            return true;
        }
        var answer = HTTP.send(
                HttpRequest.newBuilder(anyInstance.get().resolve(receipts))
                        .header("Prefer", "wait=0")
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
            new JsonObject(answer.body())
                    .getJsonArray("receipts").stream()
                            .map(JsonObject.class::cast)
                            .forEach(this::take);
        }
        return receiptsDue.isEmpty();
    }

    /** One of a message whose own answer was lost names an address that nobody knows here. */
    private void take(JsonObject receipt) {
        var number = receiptsDue.remove(receipt.getString("message"));
        if (number != null) {
            history.receipt(number, receipt.getInteger("status"));
        }
    }

    private void send(Duration ttl, Map<String, String> headers) throws InterruptedException {
        var number = history.sent(subscription, ttl, Optional.ofNullable(headers.get("Topic")));
        var body = ByteBuffer.allocate(BODY)
                .putInt(16, 4096)
                .putLong(Phone.NUMBER_AT, number)
                .array();
        var request = HttpRequest.newBuilder(anyInstance.get().resolve(path))
                .timeout(PATIENCE)
                .header("TTL", Long.toString(ttl.toSeconds()))
                .header("Content-Encoding", "aes128gcm")
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.discarding());
            switch (answer.statusCode()) {
                case 201 -> history.accepted(number);
                case 202 -> {
                    history.accepted(number);
                    due(number, answer.headers());
                }
                case 429 -> history.refused(number);
                default -> {
                    // 5xx: the service does not know itself; it may have been stored
                }
            }
        } catch (IOException e) {
            // no answer: it may have been stored
            Thread.onSpinWait();
        }
    }

    private void due(long number, HttpHeaders answer) {
        var link = answer.firstValue("Link").orElseThrow();
        receipts = URI.create(link.substring(1, link.indexOf('>'))).getPath();
        receiptsDue.put(answer.firstValue("Location").orElseThrow(), number);
    }
}
