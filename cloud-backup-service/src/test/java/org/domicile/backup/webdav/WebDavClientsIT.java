package org.domicile.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.Programs;
import org.domicile.backup.testing.TestAccount;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stock WebDAV clients against the service: litmus, and rclone with and without its encryption. */
@QuarkusTest
class WebDavClientsIT extends BackupTest {
    private static final Path LITMUS = Path.of("/usr/bin/litmus");
    private static final Path RCLONE = Path.of("/usr/bin/rclone");

    private static final String NO_LOCKS = "WARNING: server does not claim Class 2 compliance";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"basic", "copymove", "props", "http"})
    void litmus_passes(String suite) throws Exception {
        assumeTrue(Files.isExecutable(LITMUS), "install litmus to run this test: /usr/bin/litmus is missing");
        var account = consenting();

        var ended = Programs.run(
                folder,
                Map.of("TESTS", suite),
                LITMUS.toString(),
                base.resolve("/dav/").toString(),
                account.device().toString(),
                account.secret());

        assertEquals(0, ended.code(), ended.output());
        // there are no locks here, and none are claimed: that is the one thing litmus may warn of
        assertFalse(ended.output().replace(NO_LOCKS, "").contains("WARNING"), ended.output());
        assertTrue(ended.output().contains("0 failed. 100.0%"), ended.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dav:", "crypt:"})
    void rclone_copies_syncs_and_checks(String remote) throws Exception {
        assumeTrue(Files.isExecutable(RCLONE), "install rclone to run this test: /usr/bin/rclone is missing");
        var account = consenting();
        var source = Files.createDirectories(folder.resolve("source/深 folder"));
        var large = new byte[9_000_001];
        new Random(1).nextBytes(large);
        Files.write(source.resolve("large.bin"), large);
        Files.writeString(source.resolve("名字 & <b>#1%20.txt"), "hello");
        Files.createFile(source.resolve("empty"));
        for (int i = 0; i < 40; i++) {
            Files.writeString(source.resolve("small-" + i), "content " + i);
        }

        rclone(account, "copy", "source", remote);
        rclone(account, "check", "--download", "source", remote);
        Files.delete(source.resolve("small-7"));
        Files.writeString(source.resolve("small-8"), "changed and longer");
        Files.move(source.resolve("empty"), source.resolve("renamed"));
        rclone(account, "sync", "source", remote);
        rclone(account, "check", "--download", "source", remote);
        rclone(account, "moveto", remote + "深 folder/large.bin", remote + "elsewhere/large");
        rclone(account, "copy", remote, "restored");

        assertArrayEquals(large, Files.readAllBytes(folder.resolve("restored/elsewhere/large")));
        assertFalse(Files.exists(folder.resolve("restored/深 folder/small-7")));
        var quota = rclone(account, "about", "dav:", "--json");
        assertTrue(quota.contains("\"free\""), quota);
        assertEquals(0, account.count("webdav_uploads"));
    }

    private String rclone(TestAccount account, String... arguments) throws Exception {
        var settings = folder.resolve("rclone.conf");
        if (!Files.exists(settings)) {
            Files.writeString(settings, """
                    [dav]
                    type = webdav
                    url = %s
                    vendor = other
                    user = %s
                    pass = %s
                    [crypt]
                    type = crypt
                    remote = dav:sealed
                    password = %s
                    """.formatted(
                    base.resolve("/dav/"), account.device(), obscured(account.secret()), obscured("correct horse")));
        }
        var command = new String[arguments.length + 5];
        command[0] = RCLONE.toString();
        command[1] = "--config";
        command[2] = settings.toString();
        command[3] = "--retries=1";
        command[4] = "--low-level-retries=1";
        System.arraycopy(arguments, 0, command, 5, arguments.length);
        var ended = Programs.run(folder, Map.of(), command);
        assertEquals(0, ended.code(), () -> String.join(" ", arguments) + ": " + ended.output());
        return ended.output();
    }

    private String obscured(String password) throws Exception {
        return Programs.run(folder, Map.of(), RCLONE.toString(), "obscure", password)
                .output()
                .strip();
    }
}
