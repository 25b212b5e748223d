package org.domicile.local.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.client.restic.Backup;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Tuning;
import org.domicile.client.sdk.Messenger;

/**
 * Writes to an account while it moves: one thread adds snapshots, another sends messages, each write with an id of its own. Only
 * what was acknowledged counts, and every one of those must be found afterwards. A write that fails was not acknowledged and is
 * tried again as a new one. It keeps the pace of a busy phone, not of a load test: the same two cores may run both regions.
 */
final class BackgroundWriter implements AutoCloseable {
    private static final Duration SNAPSHOT_PACE = Duration.ofMillis(300);
    private static final Duration MESSAGE_PACE = Duration.ofMillis(20);

    private final Repository repository;
    private final Person owner;
    private final Path folder;
    private final Messenger messenger;
    private final Messenger.Inbox inbox;
    private final Set<String> snapshots = ConcurrentHashMap.newKeySet();
    private final Set<String> messages = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean stopped;
    private volatile String lastRefusal = "";
    private Thread backups;
    private Thread sends;

    BackgroundWriter(Person owner, Repository repository, Path folder, Messenger messenger, Messenger.Inbox inbox) {
        this.owner = owner;
        this.repository = repository;
        this.folder = folder;
        this.messenger = messenger;
        this.inbox = inbox;
    }

    void start() {
        backups = Thread.ofPlatform().name("demo-snapshots").start(this::addSnapshots);
        sends = Thread.ofPlatform().name("demo-messages").start(this::sendMessages);
    }

    /** Ids of the snapshots that were acknowledged. */
    Set<String> snapshots() {
        return snapshots;
    }

    /** Texts of the messages that were acknowledged. */
    Set<String> messages() {
        return messages;
    }

    /** Writes that were refused, and so not counted. */
    long refused() {
        return refused.get();
    }

    String lastRefusal() {
        return lastRefusal;
    }

    private void addSnapshots() {
        for (int i = 0; !stopped; i++) {
            try {
                Files.writeString(folder.resolve("diary.txt"), "Entry " + i + System.lineSeparator());
                var report = new Backup(repository, owner.origin(), Tuning.phone()).run(folder, progress -> {});
                snapshots.add(report.snapshot().toString());
            } catch (IOException e) {
                refuse(e);
            }
            rest(SNAPSHOT_PACE);
        }
    }

    private void sendMessages() {
        for (int i = 0; !stopped; i++) {
            var text = "message " + i;
            try {
                messenger.send(inbox, text.getBytes(StandardCharsets.UTF_8), Duration.ofHours(1));
                messages.add(text);
            } catch (IOException e) {
                refuse(e);
            }
            rest(MESSAGE_PACE);
        }
    }

    private void rest(Duration pace) {
        try {
            Thread.sleep(pace.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private void refuse(IOException failure) {
        if (!stopped) {
            refused.incrementAndGet();
            lastRefusal = String.valueOf(failure.getMessage());
        }
    }

    /** Lets the writes under way end, then no more. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        backups.join();
        sends.join();
    }
}
