package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.domicile.client.restic.RestServer;
import org.domicile.client.restic.StockRestic;
import org.domicile.client.restic.Tuning;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed at seeded points of the upload; packs that had arrived whole are not sent again. */
class InterruptedBackupTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path temporary;

    private RestServer server;
    private Path source;
    private CommandLineProcess domicile;

    @BeforeEach
    void start() throws IOException {
        server = new RestServer();
        domicile = new CommandLineProcess(temporary.resolve("home"), server);
        source = Files.createDirectory(temporary.resolve("source"));
        Random random = new Random(1);
        for (int i = 0; i < 4; i++) {
            byte[] content = new byte[16 * MIB];
            random.nextBytes(content);
            Files.write(source.resolve("photo" + i), content);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void each_kill_costs_the_packs_under_way_and_the_backup_ends_whole() throws Exception {
        Random seeded = new Random(42);
        long before = 0;
        for (int kill = 1; kill <= 3; kill++) {
            Process process = domicile.start("backup", source.toString());
            before += (5L + seeded.nextInt(12)) * MIB;
            server.whenReceived(before, process::destroyForcibly);
            process.getInputStream().readAllBytes();
            assertNotEquals(0, process.waitFor(), "the process was not killed");
            assertLost(kill);
        }

        CommandLineProcess.Result last = domicile.run("backup", source.toString());

        assertEquals(0, last.code(), last.output());
        assertLost(3);
        assertTrue(server.packBytesStored() < 65L * MIB, "stored " + server.packBytesStored());
        CommandLineProcess.Result verified = domicile.run("verify");
        assertTrue(verified.output().contains("4 of 4 files safe"), verified.output());
        if (StockRestic.isInstalled()) {
            String check = StockRestic.run(
                    "rest:http://device:secret@localhost:" + server.port() + "/restic/main/",
                    "secret",
                    temporary,
                    "check",
                    "--read-data");
            assertTrue(check.contains("no errors were found"), check);
        }
    }

    /** No more than what was being sent when the process was killed: so many packs, together so many bytes. */
    private void assertLost(int kills) {
        int transfers = Tuning.standard().transfers();
        assertTrue(
                server.packsCutOff() <= (long) kills * transfers, server.packsCutOff() + " packs, " + kills + " kills");
        long again = server.packBytesReceived() - server.packBytesStored();
        assertTrue(again <= (long) kills * Tuning.MAX_PACK, again + " bytes, " + kills + " kills");
    }

    @Test
    void an_interruption_by_the_owner_releases_the_lock() throws Exception {
        Process process = domicile.start("backup", source.toString(), "--limit-upload", "8192");
        server.whenReceived(6 * MIB, process::destroy);
        process.getInputStream().readAllBytes();
        assertNotEquals(0, process.waitFor());

        assertEquals(List.of(), server.names("locks"));
        assertEquals(0, domicile.run("backup", source.toString()).code());
    }

    @Test
    void a_lock_that_a_killed_process_left_is_removed_by_the_next_run() throws Exception {
        Process process = domicile.start("backup", source.toString());
        server.whenReceived(3 * MIB, process::destroyForcibly);
        process.getInputStream().readAllBytes();
        process.waitFor();
        assertEquals(1, server.names("locks").size());

        assertEquals(0, domicile.run("backup", source.toString()).code());

        assertEquals(List.of(), server.names("locks"));
    }
}
