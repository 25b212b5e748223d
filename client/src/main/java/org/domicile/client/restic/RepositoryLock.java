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
 * minutes counts as left behind (restic design, "Locks"): others may then remove it and prune, so one that could not be renewed
 * in time is lost for good. It is released when the process ends, by Ctrl-C too.
 */
final class RepositoryLock implements AutoCloseable {
    private static final Duration STALE = Duration.ofMinutes(30);
    /** From then on it may be stale before what it protects is written. */
    private static final Duration LOST = Duration.ofMinutes(25);

    private static final long RENEW_MINUTES = 5;

    private final Repository repository;
    private final Origin origin;
    private final ScheduledExecutorService renewer =
            Executors.newSingleThreadScheduledExecutor(Threads.daemon("domicile-lock"));
    private final Thread onExit = new Thread(this::release, "domicile-unlock");
    private Id current;
    private Instant renewed;

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
        Instant now = repository.clock().instant();
        json.put("time", now.toString());
        json.put("exclusive", false);
        json.put("hostname", origin.hostname());
        json.put("username", origin.username());
        json.put("pid", ProcessHandle.current().pid());
        Id id = repository.saveDocument(FileType.LOCK, json);
        renewed = now;
        return id;
    }

    /** Before anything is written that is of use only while nobody prunes. @throws RepositoryException when the lock is lost */
    synchronized void requireHeld() throws IOException {
        if (!isHeld()) {
            throw new RepositoryException(
                    "The lock on the repository was lost, as the connection or this device was away for"
                            + " long, and another client may have pruned: run it again");
        }
    }

    private boolean isHeld() throws IOException {
        return current != null
                && Duration.between(renewed, repository.clock().instant()).compareTo(LOST) < 0
                && repository.backend().exists(FileType.LOCK, current.toString());
    }

    /** Must not throw: that would end the schedule. */
    synchronized void renew() {
        try {
            if (!isHeld()) {
                return;
            }
            Id previous = current;
            current = write();
            repository.backend().remove(FileType.LOCK, previous.toString());
        } catch (IOException | RuntimeException e) {
            // The next renewal tries again; requireHeld() tells when it is too late.
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
