package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryLockTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private final MovableClock clock = new MovableClock();
    private LockFailures backend;
    private Repository repository;

    @BeforeEach
    void init() throws IOException {
        backend = new LockFailures(new LocalBackend(temporary.resolve("repository")));
        repository = Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), clock);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void a_lock_that_is_renewed_is_held_for_as_long_as_it_takes() throws IOException {
        try (RepositoryLock lock = RepositoryLock.take(repository, ORIGIN)) {
            String first = locks().get(0).name();
            for (int i = 0; i < 3; i++) {
                clock.move(Duration.ofMinutes(20));
                lock.renew();
                lock.requireHeld();
            }

            assertEquals(1, locks().size());
            assertNotEquals(first, locks().get(0).name());
        }
        assertEquals(List.of(), locks());
    }

    @Test
    void a_renewal_that_fails_is_made_up_for_by_the_next_in_time() throws IOException {
        try (RepositoryLock lock = RepositoryLock.take(repository, ORIGIN)) {
            backend.failure = new IOException("connection lost");
            clock.move(Duration.ofMinutes(12));
            lock.renew();
            backend.failure = new IllegalStateException("a mistake");
            clock.move(Duration.ofMinutes(12));
            lock.renew();
            lock.requireHeld();

            backend.failure = null;
            lock.renew();

            clock.move(Duration.ofMinutes(24));
            lock.requireHeld();
        }
    }

    @Test
    void a_lock_that_was_not_renewed_in_time_is_lost_and_no_renewal_brings_it_back() throws IOException {
        try (RepositoryLock lock = RepositoryLock.take(repository, ORIGIN)) {
            clock.move(Duration.ofMinutes(25));
            assertThrows(RepositoryException.class, lock::requireHeld);

            lock.renew();

            assertThrows(RepositoryException.class, lock::requireHeld);
        }
    }

    @Test
    void a_lock_that_another_client_removed_is_lost_and_no_renewal_brings_it_back() throws IOException {
        try (RepositoryLock lock = RepositoryLock.take(repository, ORIGIN)) {
            backend.remove(FileType.LOCK, locks().get(0).name());

            lock.renew();

            assertThrows(RepositoryException.class, lock::requireHeld);
            assertEquals(List.of(), locks());
        }
    }

    @Test
    void a_backup_that_was_asleep_for_too_long_leaves_neither_index_nor_snapshot() throws IOException {
        Path source = Files.createDirectory(temporary.resolve("source"));
        Files.writeString(source.resolve("text"), "text");
        backend.beforePack = () -> clock.move(Duration.ofMinutes(31));

        RepositoryException lost =
                assertThrows(RepositoryException.class, () -> new Backup(repository, ORIGIN, Tuning.phone())
                        .run(source, progress -> {}));

        assertTrue(lost.getMessage().endsWith("run it again"), lost.getMessage());
        assertEquals(List.of(), backend.list(FileType.INDEX));
        assertEquals(List.of(), backend.list(FileType.SNAPSHOT));
        backend.beforePack = () -> {};
        new Backup(repository, ORIGIN, Tuning.phone()).run(source, progress -> {});
        assertEquals(1, backend.list(FileType.SNAPSHOT).size());
    }

    private List<Backend.Entry> locks() throws IOException {
        return backend.list(FileType.LOCK);
    }

    private static final class MovableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        synchronized void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Refuses to store locks while told to. */
    private static final class LockFailures implements Backend {
        private final Backend backend;
        private Exception failure;
        private Runnable beforePack = () -> {};

        LockFailures(Backend backend) {
            this.backend = backend;
        }

        @Override
        public void create() throws IOException {
            backend.create();
        }

        @Override
        public void save(FileType type, String name, List<byte[]> content) throws IOException {
            if (type == FileType.LOCK && failure instanceof IOException io) {
                throw io;
            }
            if (type == FileType.LOCK && failure instanceof RuntimeException mistake) {
                throw mistake;
            }
            if (type == FileType.PACK) {
                beforePack.run();
            }
            backend.save(type, name, content);
        }

        @Override
        public byte[] load(FileType type, String name, long offset, int length) throws IOException {
            return backend.load(type, name, offset, length);
        }

        @Override
        public byte[] load(FileType type, String name) throws IOException {
            return backend.load(type, name);
        }

        @Override
        public boolean exists(FileType type, String name) throws IOException {
            return backend.exists(type, name);
        }

        @Override
        public List<Entry> list(FileType type) throws IOException {
            return backend.list(type);
        }

        @Override
        public void remove(FileType type, String name) throws IOException {
            backend.remove(type, name);
        }
    }
}
