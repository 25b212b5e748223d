package org.domicile.backup.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.Hkdf;
import java.security.GeneralSecurityException;

/** An account's data key in clear (32 bytes): other keys are derived from it, each for one purpose (HKDF-SHA256, RFC 5869). */
public final class DataKey {
    private static final int LENGTH = 32;

    private final byte[] dek;

    /** @param dek 32 bytes */
    public DataKey(byte[] dek) {
        this.dek = dek;
    }

    /** @return 32 bytes */
    public byte[] derive(String purpose) {
        try {
            return Hkdf.computeHkdf("HmacSha256", dek, new byte[0], purpose.getBytes(UTF_8), LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "DataKey[redacted]";
    }
}
