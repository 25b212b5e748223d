package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The stock restic reads what we write, and we read what it writes. Skipped where it is not installed. */
@EnabledIf("org.domicile.client.restic.StockRestic#isInstalled")
class StockResticTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private Path source;
    private Path repository;

    @BeforeEach
    void create() throws IOException {
        source = SampleFolder.create(Files.createDirectory(temporary.resolve("source")));
        repository = temporary.resolve("repository");
    }

    @Test
    void restic_checks_and_restores_what_we_wrote() throws Exception {
        init();
        backup();

        assertTrue(restic("check", "--read-data").contains("no errors were found"));
        restic("restore", "latest", "--target", temporary.resolve("restored").toString());

        SampleFolder.assertSame(source, temporary.resolve("restored"));
    }

    @Test
    void we_restore_and_verify_what_restic_wrote() throws Exception {
        restic("init", "--repository-version", "2");
        restic("backup", ".");

        try (Repository opened = open()) {
            Snapshot snapshot = opened.snapshot("latest").snapshot();
            new Restore(opened, Tuning.standard()).run(snapshot, temporary.resolve("restored"), progress -> {});
            assertTrue(new Verify(opened, Tuning.standard()).run(progress -> {}).isSafe());
        }

        SampleFolder.assertSame(source, temporary.resolve("restored"));
    }

    @Test
    void restic_finds_our_chunks_where_it_would_cut_and_adds_nothing() throws Exception {
        init();
        backup();

        String output = restic("backup", "--verbose", "--force", ".");

        assertTrue(output.contains("Data Blobs:      0 new"), output);
    }

    @Test
    void we_find_the_chunks_of_restic_where_we_would_cut_and_add_nothing() throws Exception {
        restic("init", "--repository-version", "2");
        restic("backup", ".");
        Files.setLastModifiedTime(
                source.resolve("a/b/c/large"), java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));

        BackupReport report = backup();

        assertTrue(
                report.progress().sentBytes() < 100_000,
                "sent " + report.progress().sentBytes());
        assertTrue(restic("check", "--read-data").contains("no errors were found"));
        assertEquals(
                2,
                restic("list", "snapshots")
                        .lines()
                        .filter(line -> line.length() == 64)
                        .count());
    }

    @Test
    void restic_prunes_after_us_and_what_is_kept_stays_whole() throws Exception {
        init();
        backup();
        Files.delete(source.resolve("a/b/c/large"));
        backup();

        restic("forget", "--keep-last", "1", "--group-by", "", "--prune");

        assertTrue(restic("check", "--read-data").contains("no errors were found"));
        try (Repository opened = open()) {
            assertTrue(new Verify(opened, Tuning.standard()).run(progress -> {}).isSafe());
        }
    }

    @Test
    void restic_leaves_out_what_we_leave_out() throws Exception {
        // none may match the name of the folder that the test was given: restic looks at the whole path
        List<String> patterns =
                List.of("*l2?", "/" + source.toString().substring(1) + "/a/b/c/small1*", "b/**/zeros", "empty*");
        init();
        try (Repository opened = open()) {
            new Backup(opened, ORIGIN, Tuning.standard())
                    .excluding(Excludes.of(patterns))
                    .run(source, progress -> {});
        }
        List<String> arguments = new ArrayList<>(List.of("backup", "."));
        patterns.forEach(pattern -> arguments.addAll(List.of("--exclude", pattern)));
        restic(arguments.toArray(String[]::new));

        try (Repository opened = open()) {
            List<Snapshot.Named> both = opened.snapshots();
            opened.loadIndex();
            assertEquals(
                    names(opened, both.get(1).snapshot()),
                    names(opened, both.get(0).snapshot()));
            assertEquals(patterns, both.get(0).snapshot().excludes());
        }
    }

    private static List<String> names(Repository repository, Snapshot snapshot) throws IOException {
        List<String> names = new ArrayList<>();
        names(repository, Id.parse(snapshot.tree()), "", names);
        return names;
    }

    private static void names(Repository repository, Id tree, String folder, List<String> names) throws IOException {
        for (Node node : repository.loadTree(tree).nodes()) {
            names.add(folder + node.name());
            if (node.isFolder()) {
                names(repository, Id.parse(node.subtree()), folder + node.name() + "/", names);
            }
        }
    }

    private void init() throws IOException {
        Repository.init(new LocalBackend(repository), PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
    }

    private Repository open() throws IOException {
        return Repository.open(new LocalBackend(repository), PASSWORD, new SecureRandom(), Clock.systemUTC());
    }

    private BackupReport backup() throws IOException {
        try (Repository opened = open()) {
            return new Backup(opened, ORIGIN, Tuning.standard()).run(source, progress -> {});
        }
    }

    private String restic(String... arguments) throws IOException, InterruptedException {
        return StockRestic.run(repository.toString(), PASSWORD.reveal(), source, arguments);
    }
}
