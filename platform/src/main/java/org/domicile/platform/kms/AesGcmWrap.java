package org.domicile.platform.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.domicile.platform.crypto.WrappedKey;

/**
 * Wraps data keys with AES-256-GCM where the key store has ciphers only: a 12-byte nonce, then the ciphertext with its tag; the wrapping
 * key's name is associated data.
 *
 * @param provider does the work, so that the wrapping key need not leave it; null for the JDK's own
 */
record AesGcmWrap(Provider provider, SecureRandom random) {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    WrappedKey wrap(String name, Key key, byte[] dek) throws GeneralSecurityException {
        var nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        var sealed = crypt(Cipher.ENCRYPT_MODE, name, key, nonce, dek);
        return new WrappedKey(
                name,
                ByteBuffer.allocate(NONCE_LENGTH + sealed.length)
                        .put(nonce)
                        .put(sealed)
                        .array());
    }

    byte[] unwrap(WrappedKey wrapped, Key key) throws GeneralSecurityException {
        if (wrapped.body().length <= NONCE_LENGTH) {
            throw new IllegalStateException("these bytes are no wrapped data key");
        }
        var nonce = Arrays.copyOf(wrapped.body(), NONCE_LENGTH);
        var sealed = Arrays.copyOfRange(wrapped.body(), NONCE_LENGTH, wrapped.body().length);
        return crypt(Cipher.DECRYPT_MODE, wrapped.key(), key, nonce, sealed);
    }

    private byte[] crypt(int mode, String name, Key key, byte[] nonce, byte[] input) throws GeneralSecurityException {
        var cipher = provider == null ? Cipher.getInstance(ALGORITHM) : Cipher.getInstance(ALGORITHM, provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(UTF_8));
        return cipher.doFinal(input);
    }
}
