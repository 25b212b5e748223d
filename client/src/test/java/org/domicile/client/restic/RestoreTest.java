package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private Path source;
    private Path target;
    private Backend backend;

    @BeforeEach
    void backup() throws IOException {
        source = Files.createDirectory(temporary.resolve("source"));
        target = temporary.resolve("target");
        Random random = new Random(1);
        for (int i = 0; i < 12; i++) {
            byte[] content = new byte[2 << 20];
            random.nextBytes(content);
            Files.write(source.resolve("photo" + i), content);
        }
        Files.createDirectory(source.resolve("folder"));
        Files.writeString(source.resolve("folder/text"), "text");
        backend = new LocalBackend(temporary.resolve("repository"));
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
        try (Repository repository = open()) {
            new Backup(repository, ORIGIN, Tuning.phone()).run(source, progress -> {});
        }
    }

    @Test
    void a_dry_run_says_what_a_restore_would_do_and_writes_nothing() throws IOException {
        RestorePlan plan = plan();

        assertEquals(13, plan.files());
        assertEquals(1, plan.folders());
        assertEquals((24L << 20) + 4, plan.bytes());
        assertTrue(plan.fetchBytes() >= 24 << 20);
        assertEquals(0, plan.replaced());
        assertTrue(plan.isPossible());
        assertFalse(Files.exists(target));
    }

    @Test
    void a_dry_run_names_what_is_in_the_way() throws IOException {
        Files.createDirectories(target.resolve("photo1"));
        Files.writeString(target.resolve("photo2"), "old");

        RestorePlan plan = plan();

        assertEquals(List.of(target.resolve("photo1") + " is a folder, but not in the snapshot"), plan.conflicts());
        assertEquals(1, plan.replaced());
        assertEquals("old", Files.readString(target.resolve("photo2")));
    }

    @Test
    void a_restore_without_a_pack_leaves_out_the_files_that_need_it_and_no_other() throws IOException {
        Files.createDirectories(target.resolve("folder"));
        Files.writeString(target.resolve("folder/text"), "old");
        for (int i = 0; i < 12; i++) {
            Files.writeString(target.resolve("photo" + i), "old");
        }
        Backend.Entry pack = backend.list(FileType.PACK).stream()
                .max(Comparator.comparingLong(Backend.Entry::size))
                .orElseThrow();
        backend.remove(FileType.PACK, pack.name());

        Restore.Report report = restore();

        assertFalse(report.warnings().isEmpty());
        assertEquals(13, report.files() + report.warnings().size());
        assertEquals(13, files(target).size(), "no draft is left");
        int old = 0;
        for (Path file : files(target)) {
            if (Files.size(file) == 3) {
                assertEquals("old", Files.readString(file));
                assertTrue(report.warnings().stream()
                        .anyMatch(warning -> warning.startsWith("Not restored: " + file + " (")));
                old++;
            } else {
                assertArrayEquals(
                        Files.readAllBytes(source.resolve(target.relativize(file))), Files.readAllBytes(file));
            }
        }
        assertEquals(report.warnings().size(), old);
    }

    /** A file system of 8 MiB; needs the right to mount one. */
    @Test
    void a_full_disk_is_one_sentence_and_leaves_whole_files_only() throws Exception {
        Files.createDirectories(target);
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=8m", "domicile-test", target.toString()) == 0);
        try {
            DiskFullException full = assertThrows(DiskFullException.class, this::restore);

            assertTrue(
                    full.getMessage().contains("is full") && full.getMessage().contains("restore again"));
            for (Path file : files(target)) {
                assertArrayEquals(
                        Files.readAllBytes(source.resolve(target.relativize(file))), Files.readAllBytes(file));
            }
        } finally {
            assertEquals(0, run("umount", target.toString()));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(Files::isRegularFile).forEach(files::add);
        }
        return files;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private RestorePlan plan() throws IOException {
        try (Repository repository = open()) {
            return new Restore(repository, Tuning.phone())
                    .plan(repository.snapshot("latest").snapshot(), target);
        }
    }

    private Restore.Report restore() throws IOException {
        try (Repository repository = open()) {
            return new Restore(repository, Tuning.phone())
                    .run(repository.snapshot("latest").snapshot(), target, progress -> {});
        }
    }

    private Repository open() throws IOException {
        return Repository.open(backend, PASSWORD, new SecureRandom(), Clock.systemUTC());
    }
}
