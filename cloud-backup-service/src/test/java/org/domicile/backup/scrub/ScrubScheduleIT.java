package org.domicile.backup.scrub;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.Programs;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestTokens;
import org.domicile.platform.testing.TestTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an owner is told of what stock restic stored, while the scrubber runs by its own schedule. */
@QuarkusTest
@TestProfile(ScrubScheduleIT.EverySecond.class)
class ScrubScheduleIT extends BackupTest {
    private static final Path RESTIC = Path.of("/usr/bin/restic");
    private static final Duration TRASH = Duration.ofDays(7);

    public static final class EverySecond implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "domicile.backup.scrub.every", "1s",
                    "domicile.backup.scrub.again", "0s",
                    "domicile.backup.scrub.sample", "100000",
                    "domicile.backup.sweep", "24h");
        }
    }

    @TempDir
    Path folder;

    @Test
    void an_owner_is_told_of_snapshots_bytes_and_days_after_stock_restic() throws Exception {
        assumeTrue(
                Files.isExecutable(RESTIC), "install the restic client to run this test: /usr/bin/restic is missing");
        var account = consenting();
        var source = Files.createDirectories(folder.resolve("source"));
        restic(account, "init");
        Files.write(source.resolve("photo"), random(3_000_000));
        restic(account, "backup", source.toString());
        assertFalse(told(account).contains("nextPurge"), "nothing was deleted yet");
        Files.write(source.resolve("photo"), random(2_000_000));
        var second = Instant.now();
        restic(account, "backup", source.toString());
        var forgotten = Instant.now();
        restic(account, "forget", "--keep-last", "1", "--prune");
        var after = Instant.now();

        var repository = new JsonObject(told(account));

        assertEquals("phone", repository.getString("name"));
        assertEquals(account.device().value(), repository.getString("deviceId"));
        assertEquals(1, repository.getLong("snapshots"));
        assertEquals(listedBytes(account), repository.getLong("bytes"));
        assertBetween(second, repository.getInstant("lastBackup"), forgotten);
        assertTrue(repository.getLong("trashBytes") > 3_000_000, repository.encode());
        assertBetween(forgotten.plus(TRASH), repository.getInstant("nextPurge"), after.plus(TRASH));
        await().untilAsserted(() -> {
            var scrubbed = new JsonObject(told(account));
            assertEquals(scrubbed.getLong("blobs"), scrubbed.getLong("verifiedBlobs"));
            assertFalse(scrubbed.getInstant("lastVerified").isBefore(after));
            assertEquals(0, scrubbed.getLong("damagedBlobs"));
        });
    }

    @Test
    void a_blob_that_rots_is_found_by_the_schedule_and_an_event_says_which() throws IOException {
        var account = consenting();
        var content = random(200_000);
        assertEquals(
                200, withRepository(account, "phone").status("POST", "/restic/phone/data/" + sha256(content), content));
        var object = object(account);
        var bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);

        await().untilAsserted(() -> assertEquals(1, new JsonObject(told(account)).getLong("damagedBlobs")));

        var id = account.read("select blob_id from blobs where account_id = $1")
                .orElseThrow()
                .getUUID(0);
        try (var topics = new TestTopics(TestParts.kafka(), List.of("backup.events"))) {
            var record = topics.await(
                    "backup.events",
                    r -> account.id().toString().equals(r.key())
                            && CloudEvent.parse(r.value()).type().equals(ScrubStore.BLOB_DAMAGED));
            assertEquals(id.toString(), CloudEvent.parse(record.value()).data().getString("blobId"));
        }
    }

    /** Of the one repository. */
    private String told(TestAccount account) {
        JsonPath answer = given().auth()
                .oauth2(TestTokens.owner(account.id()))
                .get(base.resolve("/v1/me/repositories"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return new JsonObject(answer.getMap("repositories[0]")).encode();
    }

    /** As the protocol lists them. */
    private long listedBytes(TestAccount account) {
        var http = as(account);
        var bytes = http.send("GET", "/restic/phone/config", null).body().length;
        for (var type : List.of("data", "keys", "locks", "snapshots", "index")) {
            bytes += listedBytes(http, type);
        }
        return bytes;
    }

    private static long listedBytes(ResticHttp http, String type) {
        var list = http.send("GET", "/restic/phone/" + type + "/", null, "Accept", "application/vnd.x.restic.rest.v2");
        return new JsonArray(new String(list.body()))
                .stream().mapToLong(file -> ((JsonObject) file).getLong("size")).sum();
    }

    private void restic(TestAccount account, String... arguments) throws Exception {
        var command = new String[arguments.length + 1];
        command[0] = RESTIC.toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var ended = Programs.run(
                folder,
                Map.of(
                        "RESTIC_REPOSITORY",
                        "rest:http://" + account.device() + ":" + account.secret() + "@" + base.getHost() + ":"
                                + base.getPort() + "/restic/phone/",
                        "RESTIC_PASSWORD",
                        "correct horse",
                        "RESTIC_CACHE_DIR",
                        folder.resolve("cache").toString()),
                command);
        assertEquals(0, ended.code(), ended::output);
    }

    private static void assertBetween(Instant from, Instant actual, Instant to) {
        assertFalse(actual.isBefore(from), actual + " is before " + from);
        assertFalse(actual.isAfter(to), actual + " is after " + to);
    }

    private static Path object(TestAccount account) throws IOException {
        try (var files = Files.walk(S3ProxyResource.objects())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(account.id().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
