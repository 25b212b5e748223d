package org.domicile.tlog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A signed statement and what hides it in the log: the entry is SHA-256(salt ‖ statement), so that the log tells nothing about
 * anybody, and nothing at all once the salt is gone.
 *
 * @param salt 32 random bytes
 * @param jws the statement, compact JWS
 */
public record LoggedReceipt(byte[] salt, String jws) {
    public static final int SALT_BYTES = 32;

    public LoggedReceipt {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has " + SALT_BYTES + " bytes, not " + salt.length);
        }
    }

    /** From a proof's extra bytes. @throws IllegalArgumentException if they are too few */
    public static LoggedReceipt parse(byte[] extra) {
        if (extra.length <= SALT_BYTES) {
            throw new IllegalArgumentException("the proof does not carry a receipt");
        }
        return new LoggedReceipt(
                Arrays.copyOf(extra, SALT_BYTES), new String(extra, SALT_BYTES, extra.length - SALT_BYTES, US_ASCII));
    }

    /** What the log holds: 32 bytes. */
    public byte[] entry() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(extra());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a proof carries: the salt, and the statement after it. */
    public byte[] extra() {
        var statement = jws.getBytes(US_ASCII);
        return ByteBuffer.allocate(salt.length + statement.length)
                .put(salt)
                .put(statement)
                .array();
    }
}
