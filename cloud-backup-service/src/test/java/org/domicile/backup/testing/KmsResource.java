package org.domicile.backup.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.domicile.platform.testing.TestParts;

/** A region's key set. */
public final class KmsResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        var keys = "{\"primary\":\"k1\",\"keys\":{\"k1\":\"" + key() + "\"},\"indexKey\":\"" + key() + "\"}";
        try {
            var file = Files.writeString(TestParts.folder().resolve("kms.json"), keys);
            return Map.of("domicile.kms.local.file", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // the file goes with the build's folder
    }

    private static String key() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
