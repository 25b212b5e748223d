package org.domicile.platform.kms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.crypto.Kms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKmsTest extends KmsContract {
    @TempDir
    Path folder;

    private final JsonObject keys = new JsonObject()
            .put("primary", "k1")
            .put("keys", new JsonObject().put("k1", key(1)).put("k2", key(2)))
            .put("index", FIRST_INDEX)
            .put("indexKeys", new JsonObject().put(SECOND_INDEX, key(4)).put(FIRST_INDEX, key(3)));

    @Override
    protected Kms kms() {
        return of(keys);
    }

    @Override
    protected Kms rotated() {
        return of(keys.copy().put("primary", "k2"));
    }

    @Test
    void the_index_is_hmac_sha256() throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(key(3)), "HmacSHA256"));

        assertArrayEquals(mac.doFinal(IDENTIFIER), get(kms().indexMac(IDENTIFIER)));
    }

    @Test
    void index_keys_alone_serve_who_wraps_nothing() {
        var index = keys.copy();
        index.remove("primary");
        index.remove("keys");

        get(of(index).indexMac(IDENTIFIER));
        assertThrows(IllegalStateException.class, () -> get(of(index).generateDekPair()));
    }

    @Test
    void a_key_set_that_cannot_be_used_says_why() {
        refused("\"primary\" must name", keys.copy().put("primary", "k3"));
        refused("\"index\" must name", keys.copy().put("index", "i3"));
        refused("\"k1\" must be 32 bytes", keys.copy().put("keys", new JsonObject().put("k1", "AAAA")));
        assertThrows(UncheckedIOException.class, () -> new LocalKms(folder.resolve("none.json"), new SecureRandom()));
    }

    private void refused(String sentence, JsonObject set) {
        var failure = assertThrows(IllegalStateException.class, () -> of(set));
        assertTrue(failure.getMessage().contains(sentence), failure.getMessage());
    }

    private Kms of(JsonObject set) {
        try {
            return new LocalKms(Files.writeString(folder.resolve("keys.json"), set.encode()), new SecureRandom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(int seed) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) seed);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
