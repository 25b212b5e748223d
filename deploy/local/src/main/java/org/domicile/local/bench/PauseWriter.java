package org.domicile.local.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.domicile.client.sdk.Messenger;

/** Sends a message to an inbox now and then, as a friend would, and notes the longest wait for an answer. */
final class PauseWriter implements AutoCloseable {
    private static final Duration PACE = Duration.ofMillis(50);

    private final Messenger messenger;
    private final Messenger.Inbox inbox;
    private final Thread thread = Thread.ofVirtual().unstarted(this::write);
    private volatile boolean stopped;
    private volatile long longestNanos;
    private volatile IOException failure;

    PauseWriter(Messenger messenger, Messenger.Inbox inbox) {
        this.messenger = messenger;
        this.inbox = inbox;
    }

    void start() {
        thread.start();
    }

    /** @throws IOException if a message was refused: then nothing is proved */
    double longestMillis() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return longestNanos / 1e6;
    }

    private void write() {
        try {
            for (var i = 0; !stopped; i++) {
                var begin = System.nanoTime();
                messenger.send(inbox, ("message " + i).getBytes(StandardCharsets.UTF_8), Duration.ofHours(1));
                longestNanos = Math.max(longestNanos, System.nanoTime() - begin);
                Thread.sleep(PACE);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the message under way end. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
