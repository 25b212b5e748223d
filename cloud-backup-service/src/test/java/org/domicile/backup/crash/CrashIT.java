package org.domicile.backup.crash;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the packaged service, its store and its database, in an order and at moments drawn from a seed, while stock restic
 * backs real files up. A run that the client gives up says so, one that it says is done is whole, and running it
 * again finishes the backup; nothing is damaged, nothing is left over.
 */
class CrashIT {
    private static final long SEED = Long.getLong("domicile.crash.seed", 20261122);
    private static final int KILLS_OF_EACH = 2;
    private static final int FILE = 8 << 20;
    /** Exit codes of restic. */
    private static final int DONE = 0;

    private static final int GAVE_UP = 1;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private int files;
    private int done;

    @BeforeAll
    static void restic_is_installed() {
        assumeTrue(Files.isExecutable(StockRestic.PROGRAM), "install the restic client to run this test");
    }

    @Test
    void a_backup_survives_kills_of_every_part() throws Exception {
        try (var parts = new Parts(folder)) {
            parts.start();
            parts.openAccount();
            var restic = parts.restic();
            var data = Files.createDirectory(folder.resolve("data"));
            assertEquals(0, restic.run("init"), restic.log());

            var backup = backup(restic, data);
            for (var victim : victims(parts)) {
                if (!backup.isAlive()) {
                    end(restic, backup);
                    backup = backup(restic, data);
                }
                awaitProgress(parts, backup);
                victim.kill();
                victim.start();
            }
            end(restic, backup);
            runAgain(restic, data);
            assertTrue(
                    parts.postgres.count("select count(*) from blobs where type = 'snapshots' and state = 'LIVE'")
                            >= done,
                    done + " runs said that they are done");

            assertEquals(0, restic.run("unlock", "--remove-all"), restic.log());
            assertEquals(0, restic.run("check", "--read-data"), restic.log());
            assertNothingLeftOver(parts);
            assertEquals(0, restic.run("check", "--read-data"), restic.log());
            assertRestored(restic, data);
        }
    }

    private List<Killable> victims(Parts parts) {
        var victims = new ArrayList<Killable>();
        for (int i = 0; i < KILLS_OF_EACH; i++) {
            victims.addAll(List.of(parts.service, parts.store, parts.postgres));
        }
        Collections.shuffle(victims, random);
        return victims;
    }

    /** Backs up, with content that was not there before. */
    private Process backup(StockRestic restic, Path data) throws Exception {
        for (int i = 0; i < 4; i++) {
            Files.write(data.resolve("photo-" + files++), random(FILE));
        }
        return restic.start("backup", data.toString());
    }

    /** Until some more bytes are stored, or there is nothing more to come. */
    private void awaitProgress(Parts parts, Process backup) {
        var until = parts.storedBytes() + random.nextInt(FILE * 2);
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !backup.isAlive() || parts.storedBytes() >= until);
    }

    /** Stock restic tries each transfer ten times: a run may give up, and then says so. */
    private void end(StockRestic restic, Process backup) throws Exception {
        int code = restic.ended(backup);
        assertTrue(code == DONE || code == GAVE_UP, code + ": " + restic.log());
        done += code == DONE ? 1 : 0;
    }

    /** Once, now that all parts are up. */
    private void runAgain(StockRestic restic, Path data) throws Exception {
        assertEquals(DONE, restic.run("backup", data.toString()), restic.log());
        done++;
    }

    /** With clocks that let the sweep end at once what a crash left. */
    private static void assertNothingLeftOver(Parts parts) throws Exception {
        parts.service.close();
        parts.service = parts.service(Map.of(
                "domicile.backup.pending", "0s",
                "domicile.backup.cleanup", "0s",
                "domicile.backup.orphan", "0s",
                "domicile.backup.sweep", "1s",
                "domicile.backup.object-sweep", "1s"));
        parts.service.start();
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertEquals(0, parts.postgres.count("select count(*) from uploads"));
            assertEquals(parts.postgres.texts("select generation::text from blobs"), parts.storedObjects());
        });
        assertEquals(
                parts.postgres.count("select coalesce(sum(size), 0) from blobs where state = 'LIVE'"),
                parts.postgres.count("select bytes from usage"));
    }

    private void assertRestored(StockRestic restic, Path data) throws Exception {
        var target = folder.resolve("restored");
        assertEquals(0, restic.run("restore", "latest", "--target", target.toString()), restic.log());
        try (var originals = Files.list(data)) {
            for (var original : originals.toList()) {
                assertArrayEquals(
                        Files.readAllBytes(original),
                        Files.readAllBytes(target.resolve(original.toString().substring(1))));
            }
        }
    }
}
