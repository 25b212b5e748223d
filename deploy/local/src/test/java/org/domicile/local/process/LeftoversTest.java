package org.domicile.local.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    @TempDir
    Path folder;

    @Test
    void what_a_killed_launcher_left_behind_is_ended_and_named() throws IOException {
        var pidFiles = new PidFiles(folder);
        var part = sleeper();
        pidFiles.record("cn-north-kafka", ProcessIdentity.of(part.pid()).orElseThrow());
        var lines = new ArrayList<String>();

        var ended = new Leftovers(pidFiles, lines::add).end();

        assertEquals(1, ended);
        part.onExit().join();
        assertTrue(lines.getFirst().contains("cn-north-kafka"));
        assertTrue(pidFiles.running().isEmpty());
    }

    @Test
    void a_foreign_process_that_got_the_same_id_is_left_alone() throws IOException {
        var pidFiles = new PidFiles(folder);
        var foreign = sleeper();
        try {
            pidFiles.record("cn-north-kafka", new ProcessIdentity(foreign.pid(), "12345@another-boot"));

            assertEquals(0, new Leftovers(pidFiles, line -> {}).end());

            assertTrue(foreign.isAlive());
        } finally {
            foreign.destroyForcibly();
        }
    }

    @Test
    void an_ended_process_is_not_alive() throws IOException {
        var process = sleeper();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();

        process.destroyForcibly();
        process.onExit().join();

        assertFalse(identity.alive().isPresent());
    }

    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "600").start();
    }
}
