package org.domicile.platform.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;

/**
 * The region's keys in the transit engine of HashiCorp Vault or OpenBao: a key that wraps (datakey, decrypt, rewrap) and keys that index
 * (hmac). Rotating the wrapping key in the store makes a new version of it, which is a new key to us; an index key is pinned to its
 * first version, and rotated by a key of another name.
 */
public final class VaultKms implements Kms {
    private static final int BITS = DekPair.DEK_LENGTH * Byte.SIZE;
    private static final int FIRST_VERSION = 1;

    private final VaultClient vault;
    private final String wrappingKey;
    private final List<String> indexKeys;

    public VaultKms(VaultClient vault, String wrappingKey, List<String> indexKeys) {
        this.vault = vault;
        this.wrappingKey = wrappingKey;
        this.indexKeys = List.copyOf(indexKeys);
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return vault.post("datakey/plaintext/" + wrappingKey, wrappingKey, new JsonObject().put("bits", BITS))
                .map(made -> new DekPair(bytes(made.getString("plaintext")), wrapped(made.getString("ciphertext"))));
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return Uni.createFrom().item(() -> WrappedKey.parse(edek)).flatMap(this::unwrap);
    }

    private Uni<byte[]> unwrap(WrappedKey wrapped) {
        return vault.post("decrypt/" + name(wrapped), name(wrapped), ciphertext(wrapped))
                .map(answer -> bytes(answer.getString("plaintext")));
    }

    @Override
    public Uni<String> currentKey() {
        return vault.get("keys/" + wrappingKey, wrappingKey)
                .map(key -> wrappingKey + ":v" + key.getInteger("latest_version"));
    }

    /** What is wrapped by a key of another name comes to this process in between, the newest version's rewrap does not. */
    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return Uni.createFrom()
                .item(() -> WrappedKey.parse(edek))
                .flatMap(wrapped -> name(wrapped).equals(wrappingKey)
                        ? vault.post("rewrap/" + wrappingKey, wrappingKey, ciphertext(wrapped))
                        : unwrap(wrapped)
                                .flatMap(dek -> vault.post(
                                        "encrypt/" + wrappingKey,
                                        wrappingKey,
                                        new JsonObject().put("plaintext", text(dek)))))
                .map(answer -> wrapped(answer.getString("ciphertext")));
    }

    @Override
    public List<String> indexKeys() {
        return indexKeys;
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return vault.post(
                        "hmac/" + indexKey + "/sha2-256",
                        indexKey,
                        new JsonObject().put("input", text(input)).put("key_version", FIRST_VERSION))
                .map(answer -> bytes(afterVersion(answer.getString("hmac"))));
    }

    /** @param ciphertext {@code vault:v3:…} */
    private byte[] wrapped(String ciphertext) {
        var version = ciphertext.split(":", 3)[1];
        return new WrappedKey(wrappingKey + ":" + version, ciphertext.getBytes(UTF_8)).encode();
    }

    private static String name(WrappedKey wrapped) {
        var version = wrapped.key().lastIndexOf(":v");
        return version < 0 ? wrapped.key() : wrapped.key().substring(0, version);
    }

    private static JsonObject ciphertext(WrappedKey wrapped) {
        return new JsonObject().put("ciphertext", new String(wrapped.body(), UTF_8));
    }

    private static String afterVersion(String text) {
        return text.substring(text.lastIndexOf(':') + 1);
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
