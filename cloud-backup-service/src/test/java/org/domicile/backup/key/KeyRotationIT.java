package org.domicile.backup.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.platform.key.KeyRotation;
import org.domicile.platform.key.KeysConfig;
import org.domicile.platform.kms.LocalKms;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.testing.TestKeys;
import org.junit.jupiter.api.Test;

/** The running service has key k1; the test is the operator, who rotates to k2, and back. */
@QuarkusTest
class KeyRotationIT extends BackupTest {
    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

    @Inject
    KeysConfig config;

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

    private long rewrapTo(String primary) {
        var kms = new LocalKms(TestKeys.both(primary, "i1"), new SecureRandom());
        return new KeyRotation(keys, kms, config, new Looks(new SimpleMeterRegistry(), Clock.systemUTC()))
                .rewrap()
                .await()
                .indefinitely();
    }
}
