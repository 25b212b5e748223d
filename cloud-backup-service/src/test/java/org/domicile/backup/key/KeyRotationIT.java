package org.domicile.backup.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.platform.crypto.LocalKms;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The running service has key k1; the test is the operator, who rotates to k2, and back. */
@QuarkusTest
class KeyRotationIT extends BackupTest {
    @Test
    void data_keys_are_wrapped_again_and_open_the_same_files() throws IOException {
        var http = dav(consenting());
        var content = ResticHttp.random(100_000);
        assertEquals(201, http.put("file", content));

        assertEquals(0, rewrapTo("k2"), "every data key is under the new key");
        var refused = http.send("GET", "file", null);
        assertEquals(503, refused.statusCode(), "the running service lacks that key");
        assertEquals("30", refused.headers().firstValue("Retry-After").orElse(""));

        assertEquals(0, rewrapTo("k1"), "and back");
        assertArrayEquals(content, http.get("file"));
    }

    private long rewrapTo(String primary) throws IOException {
        var file = Path.of(ConfigProvider.getConfig().getValue("domicile.kms.local.file", String.class));
        var rotated = file.resolveSibling("kms-rotated.json");
        if (Files.notExists(rotated)) {
            var k2 = new byte[32];
            new SecureRandom().nextBytes(k2);
            var keys = new JsonObject(Files.readString(file));
            keys.getJsonObject("keys").put("k2", Base64.getEncoder().encodeToString(k2));
            Files.writeString(rotated, keys.encode());
        }
        var both = new JsonObject(Files.readString(rotated)).put("primary", primary);
        Files.writeString(rotated, both.encode());
        return new KeyRotation(pool, new LocalKms(rotated, new SecureRandom()), new SimpleMeterRegistry())
                .rewrap()
                .await()
                .indefinitely();
    }
}
