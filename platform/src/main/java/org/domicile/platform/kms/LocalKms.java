package org.domicile.platform.kms;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;

/**
 * A region's keys in a local file, for the local stack and for regions without a key store:
 * {@code {"primary":"k1","keys":{"k1":KEY},"index":"i1","indexKeys":{"i1":KEY}}}, each KEY 32 bytes in base64. A service that wraps
 * nothing is given {@code index} and {@code indexKeys} alone.
 */
public final class LocalKms implements Kms {
    private static final int KEY_LENGTH = 32;
    private static final String MAC = "HmacSHA256";

    private final Path file;
    private final Map<String, SecretKeySpec> keys;
    private final Map<String, SecretKeySpec> indexKeys;
    private final String primary;
    private final List<String> indexNames = new ArrayList<>();
    private final SecureRandom random;
    private final AesGcmWrap wrap;

    public LocalKms(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
        this.wrap = new AesGcmWrap(null, random);
        var json = read(file);
        this.primary = json.getString("primary");
        this.keys = keys(json.getJsonObject("keys", new JsonObject()), "AES");
        this.indexKeys = keys(json.getJsonObject("indexKeys", new JsonObject()), MAC);
        require(primary == null ? keys.isEmpty() : keys.containsKey(primary), "\"primary\" must name one of \"keys\"");
        var index = json.getString("index");
        require(indexKeys.containsKey(index), "\"index\" must name one of \"indexKeys\"");
        indexNames.add(index);
        indexKeys.keySet().stream().sorted().filter(name -> !name.equals(index)).forEach(indexNames::add);
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return Uni.createFrom().item(() -> {
            var dek = new byte[DekPair.DEK_LENGTH];
            random.nextBytes(dek);
            return new DekPair(dek, wrapped(dek));
        });
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return Uni.createFrom().item(() -> unwrap(edek));
    }

    @Override
    public Uni<String> currentKey() {
        return Uni.createFrom().item(primary);
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return Uni.createFrom().item(() -> wrapped(unwrap(edek)));
    }

    @Override
    public List<String> indexKeys() {
        return indexNames;
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return Uni.createFrom().item(() -> {
            var key = indexKeys.get(indexKey);
            if (key == null) {
                throw KmsOutage.missing(indexKey);
            }
            try {
                var mac = Mac.getInstance(MAC);
                mac.init(key);
                return mac.doFinal(input);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private byte[] wrapped(byte[] dek) {
        require(primary != null, "it holds index keys only, and this service wraps data keys");
        try {
            return wrap.wrap(primary, keys.get(primary), dek).encode();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] unwrap(byte[] edek) {
        var wrapped = WrappedKey.parse(edek);
        var key = keys.get(wrapped.key());
        if (key == null) {
            throw KmsOutage.missing(wrapped.key());
        }
        try {
            return wrap.unwrap(wrapped, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "a data key cannot be unwrapped: the key set is not the one it was made with", e);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("the key set " + file + " cannot be used: " + what);
        }
    }

    private Map<String, SecretKeySpec> keys(JsonObject json, String algorithm) {
        var read = new HashMap<String, SecretKeySpec>();
        json.forEach(e -> {
            var bytes = Base64.getDecoder().decode((String) e.getValue());
            require(bytes.length == KEY_LENGTH, "\"" + e.getKey() + "\" must be " + KEY_LENGTH + " bytes in base64");
            read.put(e.getKey(), new SecretKeySpec(bytes, algorithm));
        });
        return read;
    }

    private static JsonObject read(Path file) {
        try {
            return new JsonObject(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key set " + file, e);
        } catch (DecodeException e) {
            throw new IllegalStateException("the key set " + file + " cannot be used: it is not JSON", e);
        }
    }
}
