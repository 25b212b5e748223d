package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private Path source;
    private Backend backend;

    @BeforeEach
    void init() throws IOException {
        source = SampleFolder.create(Files.createDirectory(temporary.resolve("source")));
        backend = new LocalBackend(temporary.resolve("repository"));
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
    }

    @Test
    void a_restore_equals_what_was_backed_up() throws IOException {
        BackupReport report = backup();

        restore(temporary.resolve("restored"));

        assertEquals(List.of(), report.warnings());
        SampleFolder.assertSame(source, temporary.resolve("restored"));
    }

    @Test
    void a_second_backup_reads_only_what_changed() throws IOException {
        BackupReport first = backup();
        Files.writeString(source.resolve("new"), "new");

        BackupReport second = backup();

        assertEquals(first.files(), second.unchanged());
        assertEquals(first.files() + 1, second.files());
        assertTrue(
                second.progress().sentBytes() < 100_000,
                "sent " + second.progress().sentBytes());
    }

    @Test
    void an_interrupted_backup_sends_little_again() throws IOException {
        FailingBackend failing = new FailingBackend(backend, FileType.INDEX);
        assertThrows(IOException.class, () -> backup(failing));

        BackupReport report = backup();

        assertTrue(
                report.progress().sentBytes() < 300_000,
                "sent " + report.progress().sentBytes());
        assertTrue(verify().isSafe());
    }

    @Test
    void a_failed_upload_fails_the_backup_and_leaves_no_snapshot() throws IOException {
        assertThrows(IOException.class, () -> backup(new FailingBackend(backend, FileType.PACK)));

        assertEquals(List.of(), open(backend).snapshots());
    }

    @Test
    void verification_counts_the_files_that_a_damaged_pack_loses() throws IOException {
        backup();
        Verify.Report whole = verify();
        assertTrue(whole.isSafe());
        assertEquals(306, whole.safe());

        Backend.Entry pack = backend.list(FileType.PACK).stream()
                .max(java.util.Comparator.comparingLong(Backend.Entry::size))
                .orElseThrow();
        Path file = temporary.resolve("repository/data/" + pack.name().substring(0, 2) + "/" + pack.name());
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);

        Verify.Report damaged = verify();
        assertFalse(damaged.isSafe());
        assertTrue(damaged.safe() < damaged.files() && damaged.safe() > 0);
        assertEquals(damaged.files() - damaged.safe(), damaged.unsafe().size());
        for (Verify.Unsafe lost : damaged.unsafe()) {
            assertTrue(Files.isRegularFile(source.resolve(lost.path())), lost.path());
        }
    }

    @Test
    void a_wrong_password_and_a_missing_repository_are_told_apart() {
        assertThrows(
                RepositoryException.class,
                () -> Repository.open(backend, new RepositoryPassword("other"), new SecureRandom(), Clock.systemUTC()));
        assertThrows(FileNotFoundException.class, () -> open(new LocalBackend(temporary.resolve("nothing"))));
    }

    private BackupReport backup() throws IOException {
        return backup(backend);
    }

    private BackupReport backup(Backend to) throws IOException {
        try (Repository repository = open(to)) {
            return new Backup(repository, ORIGIN, Tuning.phone()).run(source, progress -> {});
        }
    }

    private Verify.Report verify() throws IOException {
        try (Repository repository = open(backend)) {
            return new Verify(repository, Tuning.phone()).run(progress -> {});
        }
    }

    private void restore(Path target) throws IOException {
        try (Repository repository = open(backend)) {
            Snapshot snapshot = repository.snapshot("latest").snapshot();
            new Restore(repository, Tuning.phone()).run(snapshot, target, progress -> {});
        }
    }

    private static Repository open(Backend backend) throws IOException {
        return Repository.open(backend, PASSWORD, new SecureRandom(), Clock.systemUTC());
    }
}
