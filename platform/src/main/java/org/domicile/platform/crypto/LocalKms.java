package org.domicile.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * A region's keys in a local file, for the local stack and for regions without a KMS:
 * {@code {"primary":"k1","keys":{"k1":"<base64, 32 bytes>"},"indexKey":"<base64, 32 bytes>"}}. A wrapped key is the length and
 * the name of the wrapping key, a 12-byte nonce, and AES-256-GCM of the data key with the name as associated data.
 */
public final class LocalKms implements Kms {
    private static final int DEK_LENGTH = 32;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final int RETRY_SECONDS = 30;

    private final Map<String, SecretKeySpec> keys = new HashMap<>();
    private final String primary;
    private final SecretKeySpec indexKey;
    private final SecureRandom random;

    public LocalKms(Path file, SecureRandom random) {
        this.random = random;
        try {
            var json = new JsonObject(Files.readString(file));
            this.primary = json.getString("primary");
            json.getJsonObject("keys").forEach(e -> keys.put(e.getKey(), key((String) e.getValue(), "AES")));
            this.indexKey = key(json.getString("indexKey"), "HmacSHA256");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key set " + file, e);
        }
        if (!keys.containsKey(primary)) {
            throw new IllegalStateException("the key set " + file + " lacks its primary key \"" + primary + "\"");
        }
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return Uni.createFrom().item(() -> {
            var dek = bytes(DEK_LENGTH);
            return new DekPair(dek, wrap(dek));
        });
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return Uni.createFrom().item(() -> unwrap(edek));
    }

    @Override
    public boolean isCurrent(byte[] edek) {
        return keyName(ByteBuffer.wrap(edek)).equals(primary);
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return Uni.createFrom().item(() -> wrap(unwrap(edek)));
    }

    private byte[] wrap(byte[] dek) {
        var nonce = bytes(NONCE_LENGTH);
        var name = primary.getBytes(UTF_8);
        var wrapped = crypt(Cipher.ENCRYPT_MODE, keys.get(primary), nonce, name, dek);
        return ByteBuffer.allocate(1 + name.length + nonce.length + wrapped.length)
                .put((byte) name.length)
                .put(name)
                .put(nonce)
                .put(wrapped)
                .array();
    }

    private byte[] unwrap(byte[] edek) {
        var buffer = ByteBuffer.wrap(edek);
        var name = keyName(buffer);
        var nonce = new byte[NONCE_LENGTH];
        buffer.get(nonce);
        var wrapped = new byte[buffer.remaining()];
        buffer.get(wrapped);
        var key = keys.get(name);
        if (key == null) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE,
                    "The region's key \"" + name + "\" is missing: the operator must restore it.",
                    Map.of("retryAfter", RETRY_SECONDS));
        }
        return crypt(Cipher.DECRYPT_MODE, key, nonce, name.getBytes(UTF_8), wrapped);
    }

    private static String keyName(ByteBuffer edek) {
        var name = new byte[edek.get()];
        edek.get(name);
        return new String(name, UTF_8);
    }

    @Override
    public Uni<byte[]> indexMac(byte[] input) {
        return Uni.createFrom().item(() -> {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(indexKey);
                return mac.doFinal(input);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static byte[] crypt(int mode, SecretKeySpec key, byte[] nonce, byte[] associated, byte[] input) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a data key cannot be unwrapped: the key set is not the one it was made with", e);
        }
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static SecretKeySpec key(String base64, String algorithm) {
        return new SecretKeySpec(Base64.getDecoder().decode(base64), algorithm);
    }
}
