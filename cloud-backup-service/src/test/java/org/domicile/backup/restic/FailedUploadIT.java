package org.domicile.backup.restic;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.consent.ConsentChanged;
import org.junit.jupiter.api.Test;

/** What stock restic does after a failed save, a DELETE of the name and a retry, never costs a blob that was good. */
@QuarkusTest
class FailedUploadIT extends BackupTest {
    @Inject
    Event<ConsentChanged> consentChanged;

    private final byte[] content = random(1_000_000);
    private final String path = "/restic/phone/data/" + sha256(content);

    @Test
    void a_delete_after_a_failed_upload_keeps_the_blob_of_another_device() {
        var account = consenting();
        withRepository(account, "phone").send("POST", path, content);
        var second = as(account, account.second());

        second.cutOff(path, content.length, Arrays.copyOf(content, 500_000));
        assertEquals(200, second.status("DELETE", path, null));

        assertArrayEquals(content, second.send("GET", path, null).body());
        assertEquals(200, second.status("POST", path, content));
    }

    @Test
    void a_delete_after_an_upload_with_the_wrong_content_keeps_the_blob() {
        var account = consenting();
        var http = withRepository(account, "phone");
        http.send("POST", path, content);

        assertEquals(400, http.status("POST", path, random(1_000_000)));
        assertEquals(200, http.status("DELETE", path, null));

        assertEquals(200, http.status("HEAD", path, null));
    }

    @Test
    void a_delete_after_a_refused_upload_keeps_the_blob() {
        var account = consenting();
        var http = withRepository(account, "phone");
        http.send("POST", path, content);

        account.consent(false);
        assertEquals(403, http.status("POST", path, content));
        assertEquals(200, http.status("DELETE", path, null));

        assertEquals(200, http.status("HEAD", path, null));
    }

    @Test
    void a_delete_by_a_device_that_was_not_told_of_its_success_keeps_the_blob_once() {
        var account = consenting();
        var http = withRepository(account, "phone");
        http.send("POST", path, content);
        await().until(() -> account.count("uploads") == 0);
        untold(account);

        assertEquals(200, http.status("DELETE", path, null));
        assertEquals(200, http.status("HEAD", path, null));

        assertEquals(200, http.status("DELETE", path, null));
        assertEquals(404, http.status("HEAD", path, null));
    }

    @Test
    void a_delete_by_another_device_is_one() {
        var account = consenting();
        var http = withRepository(account, "phone");
        http.send("POST", path, content);
        await().until(() -> account.count("uploads") == 0);
        untold(account);

        assertEquals(200, as(account, account.second()).status("DELETE", path, null));

        assertEquals(404, http.status("HEAD", path, null));
    }

    @Test
    void a_device_that_was_told_deletes_at_once() {
        var http = withRepository(consenting(), "phone");

        assertEquals(200, http.status("POST", path, content));
        assertEquals(200, http.status("DELETE", path, null));

        assertEquals(404, http.status("HEAD", path, null));
    }

    @Test
    void a_delete_while_the_service_still_holds_the_failed_upload_keeps_what_the_retry_stores() {
        var account = consenting();
        var http = withRepository(account, "phone");
        account.sql(
                "insert into uploads (account_id, generation, repository, type, name, size, device_id, started_at)"
                        + " values ($1, $2, 'phone', 'data', $3, 1000000, $4, now())",
                Tuple.of(
                        account.id().value(),
                        UUID.randomUUID(),
                        sha256(content),
                        account.device().value()));

        assertEquals(404, http.status("DELETE", path, null));
        assertEquals(200, http.status("POST", path, content));
        assertEquals(200, http.status("HEAD", path, null));
    }

    @Test
    void a_withdrawn_consent_cuts_the_upload_in_flight() {
        var account = consenting();
        var http = withRepository(account, "phone");
        try (var upload = http.begin(path, content.length)) {
            upload.send(Arrays.copyOf(content, 300_000));
            await().until(() -> account.pending() == 1);

            account.consent(false);
            consentChanged.fireAsync(new ConsentChanged(account.id(), Set.of()));

            assertEquals(403, upload.status());
        }
        await().untilAsserted(() -> {
            assertEquals(0, account.count("blobs") + account.pending());
            assertEquals(0, S3ProxyResource.count(account.id().toString()));
        });
    }

    @Test
    void another_instance_cuts_the_upload_in_flight_as_well() {
        var account = consenting();
        var http = withRepository(account, "phone");
        try (var upload = http.begin(path, content.length)) {
            upload.send(Arrays.copyOf(content, 300_000));
            var answer = CompletableFuture.supplyAsync(upload::status);
            await().until(() -> account.pending() == 1);

            account.consent(false);

            assertEquals(403, answer.join());
        }
    }

    /** As if the answer to the upload had been lost. */
    private void untold(TestAccount account) {
        account.sql(
                "insert into uploads (account_id, generation, repository, type, name, size, device_id, started_at, state)"
                        + " select account_id, generation, repository, type, name, size, $2, now(), 'SETTLED' from blobs"
                        + " where account_id = $1 and type = 'data'",
                Tuple.of(account.id().value(), account.device().value()));
    }
}
