package org.domicile.platform.kms;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import javax.crypto.BadPaddingException;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.Mac;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;

/**
 * The region's keys on a token behind PKCS #11 (an HSM, SoftHSM), by the JDK's provider: AES-256 keys that wrap (CKM_AES_GCM) and generic
 * secrets that index (CKM_SHA256_HMAC), found by their labels, sensitive and not extractable. The token computes; calls to it block,
 * so they run on worker threads.
 */
public final class Pkcs11Kms implements Kms {
    private static final String PROVIDER = "SunPKCS11";
    private static final String MAC = "HmacSHA256";

    private final Vertx vertx;
    private final Provider provider;
    private final KeyStore token;
    private final String wrappingKey;
    private final List<String> indexKeys;
    private final SecureRandom random;
    private final Duration timeout;
    private final AesGcmWrap wrap;

    /**
     * Logs in to the token.
     *
     * @param slot its place in the library's list of slots, from 0
     * @param wrappingKey label of the current one; older ones are found by the labels that wrapped keys carry
     * @param indexKeys labels, the current one first
     */
    public Pkcs11Kms(
            Vertx vertx,
            Path library,
            int slot,
            char[] pin,
            String wrappingKey,
            List<String> indexKeys,
            SecureRandom random,
            Duration timeout) {
        this.vertx = vertx;
        this.wrappingKey = wrappingKey;
        this.indexKeys = List.copyOf(indexKeys);
        this.random = random;
        this.timeout = timeout;
        try {
            this.provider = Security.getProvider(PROVIDER)
                    .configure("--name=domicile\nlibrary=" + library + "\nslotListIndex=" + slot + "\n");
            this.token = KeyStore.getInstance("PKCS11", provider);
            token.load(null, pin);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "the token of domicile.kms.pkcs11 cannot be opened: check library, slot-list-index and pin-file",
                    e);
        }
        this.wrap = new AesGcmWrap(provider, random);
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return onWorker(() -> {
            var dek = new byte[DekPair.DEK_LENGTH];
            random.nextBytes(dek);
            return new DekPair(dek, wrapped(dek));
        });
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return onWorker(() -> unwrap(edek));
    }

    @Override
    public Uni<String> currentKey() {
        return Uni.createFrom().item(wrappingKey);
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return onWorker(() -> wrapped(unwrap(edek)));
    }

    @Override
    public List<String> indexKeys() {
        return indexKeys;
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return onWorker(() -> {
            var mac = Mac.getInstance(MAC, provider);
            mac.init(key(indexKey));
            return mac.doFinal(input);
        });
    }

    private byte[] wrapped(byte[] dek) throws GeneralSecurityException {
        return wrap.wrap(wrappingKey, key(wrappingKey), dek).encode();
    }

    private byte[] unwrap(byte[] edek) throws GeneralSecurityException {
        var wrapped = WrappedKey.parse(edek);
        try {
            return wrap.unwrap(wrapped, key(wrapped.key()));
        } catch (BadPaddingException | IllegalBlockSizeException e) {
            throw new IllegalStateException(
                    "a data key cannot be unwrapped: the token's key is not the one it was made with", e);
        }
    }

    private Key key(String label) throws GeneralSecurityException {
        var key = token.getKey(label, null);
        if (key == null) {
            throw KmsOutage.missing(label);
        }
        return key;
    }

    private <T> Uni<T> onWorker(Callable<T> work) {
        return StoreCall.within(timeout, vertx.executeBlocking(work, false))
                .onFailure(Pkcs11Kms::isOutage)
                .transform(KmsOutage::away);
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof GeneralSecurityException
                || failure instanceof ProviderException
                || failure instanceof TimeoutException;
    }
}
