package org.domicile.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;

/**
 * Encrypts the personal fields of one account under its data key: AES-256-GCM (Tink), the field's name as associated data so
 * that a ciphertext cannot be moved to another field.
 */
public final class FieldCipher {
    private final AesGcmJce aead;

    /** @param dek the account's data key, 32 bytes */
    public FieldCipher(byte[] dek) {
        try {
            this.aead = new AesGcmJce(dek);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a data key", e);
        }
    }

    /** Encrypts bytes, as {@link #encrypt}. */
    public byte[] seal(String field, byte[] value) {
        try {
            return aead.encrypt(value, field.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Decrypts bytes, as {@link #decrypt}. */
    public byte[] unseal(String field, byte[] ciphertext) {
        try {
            return aead.decrypt(ciphertext, field.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the field " + field + " cannot be decrypted with the account's key", e);
        }
    }

    /** @return the ciphertext, or null for null */
    public byte[] encrypt(String field, String value) {
        try {
            return value == null ? null : aead.encrypt(value.getBytes(UTF_8), field.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the value, or null for null */
    public String decrypt(String field, byte[] ciphertext) {
        try {
            return ciphertext == null ? null : new String(aead.decrypt(ciphertext, field.getBytes(UTF_8)), UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the field " + field + " cannot be decrypted with the account's key", e);
        }
    }

    @Override
    public String toString() {
        return "FieldCipher[redacted]";
    }
}
