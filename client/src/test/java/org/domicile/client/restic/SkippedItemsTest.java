package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkippedItemsTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private Path source;
    private Backend backend;

    @BeforeEach
    void init() throws IOException {
        source = Files.createDirectory(temporary.resolve("source")).toRealPath();
        backend = new LocalBackend(temporary.resolve("repository"));
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
    }

    @Test
    void a_socket_is_named_with_its_reason_and_all_else_is_stored() throws IOException {
        Files.writeString(source.resolve("file"), "content");
        Path socket = source.resolve("socket");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));

            BackupReport report = backup(backend, Excludes.NONE);

            assertEquals(List.of(Skipped.special(socket)), report.skipped());
            assertEquals(1, report.files());
        }
    }

    /** While the first pack is being sent, the large file cannot have been read to its end yet. */
    @Test
    void what_changes_or_vanishes_while_the_backup_runs_is_named() throws IOException {
        byte[] content = new byte[64 << 20];
        new Random(1).nextBytes(content);
        Path growing = Files.write(source.resolve("growing"), content);
        Path leaving = Files.writeString(source.resolve("leaving"), "content");
        Backend meddling = new ObservedBackend(backend, FileType.PACK, () -> {
            Files.write(growing, new byte[] {1}, StandardOpenOption.APPEND);
            Files.delete(leaving);
        });

        BackupReport report = backup(meddling, Excludes.NONE);

        assertEquals(
                List.of(Skipped.Reason.CHANGED, Skipped.Reason.VANISHED),
                report.skipped().stream().map(Skipped::reason).toList());
        assertEquals(1, report.files());
    }

    @Test
    void what_may_not_be_read_is_told_apart() {
        Path path = Path.of("/secret");

        Skipped skipped = Skipped.of(path, new AccessDeniedException("/secret"));

        assertEquals(Skipped.Reason.UNREADABLE, skipped.reason());
        assertEquals("Not backed up: /secret (permission denied)", skipped.sentence());
    }

    @Test
    void what_a_pattern_names_is_left_out_and_counted() throws IOException {
        Files.createDirectories(source.resolve("a/cache/deep"));
        Files.writeString(source.resolve("a/cache/deep/x"), "x");
        Files.writeString(source.resolve("a/keep"), "x");
        Files.writeString(source.resolve("a/drop.tmp"), "x");

        BackupReport report = backup(backend, Excludes.of(List.of("cache", "*.tmp")));

        assertEquals(1, report.files());
        assertEquals(2, report.excluded());
        assertEquals(List.of(), report.skipped());
        assertEquals(1, report.progress().totalFiles());
        try (Repository repository = open(backend)) {
            Snapshot snapshot = repository.snapshot("latest").snapshot();
            assertEquals(List.of("cache", "*.tmp"), snapshot.excludes());
            new Restore(repository, Tuning.phone()).run(snapshot, temporary.resolve("restored"), progress -> {});
        }
        assertTrue(Files.exists(temporary.resolve("restored/a/keep")));
        assertTrue(Files.notExists(temporary.resolve("restored/a/cache")));
    }

    private BackupReport backup(Backend to, Excludes excludes) throws IOException {
        try (Repository repository = open(to)) {
            return new Backup(repository, ORIGIN, Tuning.phone())
                    .excluding(excludes)
                    .run(source, progress -> {});
        }
    }

    private static Repository open(Backend backend) throws IOException {
        return Repository.open(backend, PASSWORD, new SecureRandom(), Clock.systemUTC());
    }
}
