package org.domicile.backup.webdav;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.consent.ConsentChanged;
import org.junit.jupiter.api.Test;

/** A PUT whose owner switches backup off while it is being received. */
@QuarkusTest
class WithdrawnUploadIT extends BackupTest {
    @Inject
    Event<ConsentChanged> consentChanged;

    /** More than the first part of a content. */
    private final byte[] content = random(12_000_000);

    @Test
    void a_withdrawn_consent_cuts_the_upload_in_flight_and_nothing_is_left() {
        var account = consenting();
        try (var upload = dav(account).begin("file", content.length)) {
            upload.send(Arrays.copyOf(content, 9_000_000));
            await().until(() -> S3ProxyResource.count(account.id().toString()) > 0);

            account.consent(false);
            consentChanged.fireAsync(new ConsentChanged(account.id(), Set.of()));

            assertEquals(403, upload.status());
        }
        await().untilAsserted(() -> {
            assertEquals(0, account.count("webdav_contents") + account.count("webdav_uploads"));
            assertEquals(0, S3ProxyResource.count(account.id().toString()));
        });
    }

    @Test
    void another_instance_cuts_the_upload_in_flight_as_well() {
        var account = consenting();
        try (var upload = dav(account).begin("file", content.length)) {
            upload.send(Arrays.copyOf(content, 300_000));
            var answer = CompletableFuture.supplyAsync(upload::status);
            await().until(() -> pending(account) == 1);

            account.consent(false);

            assertEquals(403, answer.join());
        }
    }

    private static long pending(TestAccount account) {
        return account.count("webdav_uploads");
    }
}
