package org.domicile.messaging.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;

/** An application server that sends to one subscription, the next message when the last was answered. */
final class Application implements Runnable {
    static final Duration LASTING = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int subscription;
    private final String path;
    private final Supplier<URI> anyInstance;
    private final History history;
    private final Random random;
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
                send(random.nextInt(8) == 0 ? SHORT : LASTING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Duration ttl) throws InterruptedException {
        var number = history.sent(subscription, ttl);
        var body = ByteBuffer.allocate(64)
                .putInt(16, 4096)
                .putLong(Phone.NUMBER_AT, number)
                .array();
        try {
            var answer = HTTP.send(
                    HttpRequest.newBuilder(anyInstance.get().resolve(path))
                            .timeout(PATIENCE)
                            .header("TTL", Long.toString(ttl.toSeconds()))
                            .header("Content-Encoding", "aes128gcm")
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.discarding());
            switch (answer.statusCode()) {
                case 201 -> history.accepted(number);
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
}
