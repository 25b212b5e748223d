package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A non-exclusive lock: others may write too, but none may prune. It is renewed while it is held; one that is older than 30
 * minutes counts as left behind (restic design, "Locks"). It is released when the process ends, by Ctrl-C too.
 */
final class RepositoryLock implements AutoCloseable {
    private static final Duration STALE = Duration.ofMinutes(30);
    private static final long RENEW_MINUTES = 5;

    private final Repository repository;
    private final Origin origin;
    private final ScheduledExecutorService renewer =
            Executors.newSingleThreadScheduledExecutor(Threads.daemon("domicile-lock"));
    private final Thread onExit = new Thread(this::release, "domicile-unlock");
    private Id current;

    private RepositoryLock(Repository repository, Origin origin) throws IOException {
        this.repository = repository;
        this.origin = origin;
        this.current = write();
    }

    /** @throws RepositoryException when someone holds an exclusive lock */
    static RepositoryLock take(Repository repository, Origin origin) throws IOException {
        look(repository, origin);
        RepositoryLock lock = new RepositoryLock(repository, origin);
        try {
            look(repository, origin);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(lock.onExit);
        lock.renewer.scheduleAtFixedRate(lock::renew, RENEW_MINUTES, RENEW_MINUTES, TimeUnit.MINUTES);
        return lock;
    }

    /** Refuses when there is an exclusive lock, and removes what an earlier run of this device left behind. */
    private static void look(Repository repository, Origin origin) throws IOException {
        Instant oldest = repository.clock().instant().minus(STALE);
        for (Backend.Entry entry : repository.backend().list(FileType.LOCK)) {
            try {
                JsonNode lock = repository.loadDocument(FileType.LOCK, entry.name());
                Instant time = OffsetDateTime.parse(lock.path("time").asText()).toInstant();
                if (lock.path("exclusive").asBoolean() && time.isAfter(oldest)) {
                    throw new RepositoryException("The repository is locked by "
                            + lock.path("hostname").asText() + " since " + time
                            + ": wait, or run 'restic unlock' if that process is gone");
                }
                if (isLeftBehind(lock, origin)) {
                    repository.backend().remove(FileType.LOCK, entry.name());
                }
            } catch (FileNotFoundException e) {
                // Released between the list and the look: not in the way.
            }
        }
    }

    /** From a process of this device that is no more. */
    private static boolean isLeftBehind(JsonNode lock, Origin origin) {
        return !lock.path("exclusive").asBoolean()
                && lock.path("hostname").asText().equals(origin.hostname())
                && lock.path("username").asText().equals(origin.username())
                && ProcessHandle.of(lock.path("pid").asLong()).isEmpty();
    }

    private Id write() throws IOException {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("time", repository.clock().instant().toString());
        json.put("exclusive", false);
        json.put("hostname", origin.hostname());
        json.put("username", origin.username());
        json.put("pid", ProcessHandle.current().pid());
        return repository.saveDocument(FileType.LOCK, json);
    }

    private synchronized void renew() {
        try {
            if (current == null) {
                return;
            }
            Id previous = current;
            current = write();
            repository.backend().remove(FileType.LOCK, previous.toString());
        } catch (IOException e) {
            // The next renewal tries again; the lock stays valid for 30 minutes.
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The process is ending: the hook releases the lock.
        }
        release();
    }

    private synchronized void release() {
        renewer.shutdownNow();
        if (current == null) {
            return;
        }
        try {
            repository.backend().remove(FileType.LOCK, current.toString());
            current = null;
        } catch (IOException e) {
            // Left behind: it goes stale by itself.
        }
    }
}
