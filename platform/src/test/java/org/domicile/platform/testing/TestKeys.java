package org.domicile.platform.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** Key sets of a region in files, as {@code LocalKms} reads them: wrapping keys {@code k1}, {@code k2}, index keys {@code i1}, {@code i2}. */
public final class TestKeys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String K2 = key();
    private static final String I2 = key();

    private TestKeys() {}

    /** The key set of this test JVM: {@code k1} and {@code i1}. */
    public static synchronized Path file() {
        var file = TestParts.folder().resolve("keys.json");
        if (!Files.exists(file)) {
            write(
                    file,
                    new JsonObject()
                            .put("primary", "k1")
                            .put("keys", new JsonObject().put("k1", key()))
                            .put("index", "i1")
                            .put("indexKeys", new JsonObject().put("i1", key())));
        }
        return file;
    }

    /** The keys that push endpoints are spelled with, as every region has them. */
    public static synchronized Path routing() {
        var file = TestParts.folder().resolve("routing-keys.json");
        if (!Files.exists(file)) {
            write(file, new JsonObject().put("current", "1").put("keys", new JsonObject().put("1", key())));
        }
        return file;
    }

    /** The same with {@code k2} and {@code i2} beside them. @param primary current wrapping key @param index current index key */
    public static Path both(String primary, String index) {
        var keys = read();
        keys.getJsonObject("keys").put("k2", K2);
        keys.getJsonObject("indexKeys").put("i2", I2);
        return write(
                TestParts.folder().resolve("keys-" + primary + "-" + index + ".json"),
                keys.put("primary", primary).put("index", index));
    }

    /** After the rotation of the wrapping key: {@code k2} and {@code i1}. */
    public static Path withoutFirstWrappingKey() {
        return write(
                TestParts.folder().resolve("keys-without-k1.json"),
                read().put("primary", "k2").put("keys", new JsonObject().put("k2", K2)));
    }

    /** After the rotation of the index: {@code k1} and {@code i2}. */
    public static Path withoutFirstIndexKey() {
        return write(
                TestParts.folder().resolve("keys-without-i1.json"),
                read().put("index", "i2").put("indexKeys", new JsonObject().put("i2", I2)));
    }

    private static JsonObject read() {
        try {
            return new JsonObject(Files.readString(file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(Path file, JsonObject keys) {
        try {
            return Files.writeString(file, keys.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
