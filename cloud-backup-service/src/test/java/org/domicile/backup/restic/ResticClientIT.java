package org.domicile.backup.restic;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.device.DeviceId;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock restic client against the service. */
@QuarkusTest
class ResticClientIT extends BackupTest {
    private static final Path RESTIC = Path.of("/usr/bin/restic");

    @TempDir
    Path folder;

    @BeforeAll
    static void restic_is_installed() {
        assumeTrue(
                Files.isExecutable(RESTIC), "install the restic client to run this test: /usr/bin/restic is missing");
    }

    @Test
    void a_backup_is_stored_listed_restored_pruned_and_checked() throws Exception {
        var account = consenting();
        var source = Files.createDirectories(folder.resolve("source"));
        var large = random(40_000_000);
        Files.write(source.resolve("large"), large);
        Files.write(source.resolve("照片.jpg"), random(123_456));
        Files.createFile(source.resolve("empty"));

        restic(account, "init");
        restic(account, "backup", source.toString());
        Files.write(source.resolve("照片.jpg"), random(234_567));
        restic(account, "backup", source.toString());

        assertEquals(2, restic(account, "snapshots", "--json").split("\"short_id\"", -1).length - 1);
        restic(account, "forget", "--keep-last", "1", "--prune");
        assertTrue(restic(account, "check", "--read-data").contains("no errors were found"));
        var target = folder.resolve("target");
        restic(account, "restore", "latest", "--target", target.toString());
        var restored = target.resolve(source.toString().substring(1));
        assertArrayEquals(large, Files.readAllBytes(restored.resolve("large")));
        assertArrayEquals(Files.readAllBytes(source.resolve("照片.jpg")), Files.readAllBytes(restored.resolve("照片.jpg")));
        assertEquals(0, Files.size(restored.resolve("empty")));
        assertEquals(0, account.pending());
    }

    @Test
    void without_consent_restic_is_refused_and_nothing_is_stored() throws Exception {
        var account = TestAccount.open(pool);

        var result = run(account, List.of("init"));

        assertNotEquals(0, result.code());
        assertEquals(0, account.count("repositories") + account.count("blobs") + account.count("uploads"));
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void an_append_only_device_backs_up_and_cannot_make_anything_go() throws Exception {
        var account = consenting();
        var device = account.appendOnly();
        var source = Files.createDirectories(folder.resolve("source"));
        var first = random(3_000_000);
        assertEquals(0, run(account, device, List.of("init")).code());
        Files.write(source.resolve("file"), first);
        assertEquals(
                0, run(account, device, List.of("backup", source.toString())).code());
        Files.write(source.resolve("file"), random(3_000_000));
        assertEquals(
                0, run(account, device, List.of("backup", source.toString())).code());
        var blobs = account.count("blobs");

        var refused = run(account, device, List.of("forget", "--keep-last", "1", "--prune"));

        assertNotEquals(0, refused.code(), refused.output());
        assertEquals(2, restic(account, "snapshots", "--json").split("\"short_id\"", -1).length - 1);
        assertEquals(blobs, account.count("blobs"));
        assertEquals(
                0,
                account.read("select count(*) from blobs where account_id = $1 and state = 'TRASHED'")
                        .orElseThrow()
                        .getLong(0));
        assertTrue(restic(account, "check", "--read-data").contains("no errors were found"));
        var oldest = restic(account, "snapshots", "--json")
                .split("\"short_id\":\"")[1]
                .substring(0, 8);
        var target = folder.resolve("target");
        restic(account, "restore", oldest, "--target", target.toString());
        assertArrayEquals(
                first,
                Files.readAllBytes(
                        target.resolve(source.toString().substring(1)).resolve("file")));
    }

    private String restic(TestAccount account, String... arguments) throws Exception {
        var result = run(account, List.of(arguments));
        assertEquals(0, result.code(), () -> String.join(" ", arguments) + ": " + result.output());
        return result.output();
    }

    private Result run(TestAccount account, List<String> arguments) throws IOException, InterruptedException {
        return run(account, account.device(), arguments);
    }

    private Result run(TestAccount account, DeviceId device, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(RESTIC.toString());
        command.addAll(arguments);
        var output = Files.createTempFile(folder, "restic", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .put(
                        "RESTIC_REPOSITORY",
                        "rest:http://" + device + ":" + account.secret() + "@" + base.getHost() + ":" + base.getPort()
                                + "/restic/phone/");
        builder.environment().put("RESTIC_PASSWORD", "correct horse");
        builder.environment().put("RESTIC_CACHE_DIR", folder.resolve("cache").toString());
        var process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("restic did not end: " + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private record Result(int code, String output) {}
}
