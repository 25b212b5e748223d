package org.domicile.backup.law;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.OperatedPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The policy changes while the service runs. */
@QuarkusTest
class NewPolicyIT extends BackupTest {
    @Inject
    OperatedPolicy policy;

    @AfterEach
    void first() {
        policy.reset();
    }

    @Test
    void an_upload_is_refused_until_the_owner_agrees_to_the_new_policy_and_what_is_stored_stays() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var stored = random(10_000);
        var path = "/restic/phone/data/" + sha256(stored);
        assertEquals(200, http.status("POST", path, stored));

        policy.are("2026-01", "2026-02");

        var content = random(10_000);
        var refused = http.send("POST", "/restic/phone/data/" + sha256(content), content);
        assertEquals(403, refused.statusCode());
        assertTrue(new String(refused.body(), StandardCharsets.UTF_8).contains("2026-02"));
        assertEquals(403, dav(account).put("letter.txt", content));
        assertArrayEquals(stored, http.send("GET", path, null).body());

        account.consent(true, Instant.now(), "2026-02");
        assertEquals(200, http.status("POST", "/restic/phone/data/" + sha256(content), content));
        assertEquals(201, dav(account).put("letter.txt", content));
    }
}
