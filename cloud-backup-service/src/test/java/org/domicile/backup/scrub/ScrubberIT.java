package org.domicile.backup.scrub;

import static io.restassured.RestAssured.given;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.EagerClocks;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.backup.withdrawal.WithdrawalPurge;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;

/** What is stored is read again, damage is reported, never served, and repaired by sending it again; a withdrawn backup ends on its day. */
@QuarkusTest
@TestProfile(EagerClocks.class)
class ScrubberIT extends BackupTest {
    @Inject
    Scrubber scrubber;

    @Inject
    WithdrawalPurge purge;

    private final byte[] content = random(200_000);
    private final String path = "/restic/phone/data/" + sha256(content);

    @Test
    void a_blob_that_is_good_is_verified_and_says_so() {
        var account = stored();

        scrub();

        repositories(account)
                .body("repositories[0].verifiedBlobs", equalTo(1))
                .body("repositories[0].lastVerified", notNullValue())
                .body("repositories[0].damagedBlobs", equalTo(0))
                .body("repositories[0].deviceId", equalTo(account.device().value()))
                .body("deletion", nullValue());
    }

    @Test
    void a_blob_that_rots_is_found_reported_not_served_and_repaired() throws IOException {
        var account = stored();
        var object = object(account);
        var bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);

        assertThrows(UncheckedIOException.class, () -> as(account).send("GET", path, null));
        scrub();
        repositories(account).body("repositories[0].damagedBlobs", equalTo(1));

        assertEquals(200, as(account).status("POST", path, content));
        assertArrayEquals(content, as(account).send("GET", path, null).body());
        repositories(account)
                .body("repositories[0].damagedBlobs", equalTo(0))
                .body("repositories[0].blobs", equalTo(1));
    }

    @Test
    void a_blob_whose_object_is_missing_is_damaged() throws IOException {
        var account = stored();
        Files.delete(object(account));

        scrub();

        repositories(account).body("repositories[0].damagedBlobs", equalTo(1));
    }

    @Test
    void webdav_files_are_read_again_too_and_one_that_rots_or_is_gone_is_reported() throws IOException {
        var account = consenting();
        dav(account).put("good", content);
        scrub();
        repositories(account)
                .body("webdav.verifiedFiles", equalTo(1))
                .body("webdav.lastVerified", notNullValue())
                .body("webdav.damagedFiles", equalTo(0));

        var object = object(account);
        var bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
        dav(account).put("empty", new byte[0]);
        scrub();
        repositories(account).body("webdav.damagedFiles", equalTo(1)).body("webdav.verifiedFiles", equalTo(1));

        Files.delete(object);
        dav(account).put("good", content);
        Files.delete(object(account));
        scrub();
        repositories(account).body("webdav.damagedFiles", equalTo(1)).body("webdav.verifiedFiles", equalTo(1));
    }

    @Test
    void a_withdrawn_backup_has_a_dated_end_and_is_gone_after_it() {
        var account = stored();
        account.consent(false, Instant.now().minus(Duration.ofDays(29)));
        repositories(account)
                .body("deletion.reason", equalTo("consent-withdrawn"))
                .body("deletion.at", notNullValue());

        purge.purge().await().indefinitely();
        assertEquals(1, account.count("blobs"));

        account.consent(false, Instant.now().minus(Duration.ofDays(31)));
        purge.purge().await().indefinitely();
        assertEquals(0, account.count("blobs") + account.count("repositories") + account.count("purges"));
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void a_market_may_have_a_shorter_grace() {
        var account = stored();
        account.sql(
                "insert into account_market (account_id, version, market) values ($1, 1, 'XX')",
                Tuple.of(account.id().value()));
        account.consent(false, Instant.now().minus(Duration.ofDays(11)));

        purge.purge().await().indefinitely();

        assertEquals(0, account.count("blobs"));
    }

    @Test
    void backup_that_is_on_again_in_time_is_kept() {
        var account = stored();
        account.consent(false, Instant.now().minus(Duration.ofDays(31)));
        account.consent(true);

        purge.purge().await().indefinitely();

        assertEquals(1, account.count("blobs"));
    }

    private void scrub() {
        scrubber.scrub().await().indefinitely();
    }

    private TestAccount stored() {
        var account = consenting();
        assertEquals(200, withRepository(account, "phone").status("POST", path, content));
        return account;
    }

    private static Path object(TestAccount account) throws IOException {
        try (var files = Files.walk(S3ProxyResource.objects())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(account.id().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private ValidatableResponse repositories(TestAccount account) {
        return given().auth()
                .oauth2(TestTokens.owner(account.id()))
                .get(base.resolve("/v1/me/repositories"))
                .then()
                .statusCode(200);
    }
}
