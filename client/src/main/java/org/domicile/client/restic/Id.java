package org.domicile.client.restic;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of some content, which is also its name in the repository: 32 bytes, written as 64 lower-case hex digits. */
public record Id(long a, long b, long c, long d) {

    /** Length in bytes. */
    public static final int LENGTH = 32;

    public static Id of(byte[] bytes, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, LENGTH);
        return new Id(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** @throws IllegalArgumentException unless {@code hex} is 64 hex digits */
    public static Id parse(String hex) {
        if (hex.length() != 2 * LENGTH) {
            throw new IllegalArgumentException("not a SHA-256 in hex: " + hex);
        }
        return of(HexFormat.of().parseHex(hex), 0);
    }

    public static Id hash(byte[] content, int offset, int length) {
        MessageDigest digest = sha256();
        digest.update(content, offset, length);
        return of(digest.digest(), 0);
    }

    public static Id hash(byte[] content) {
        return hash(content, 0, content.length);
    }

    static Id hash(Iterable<byte[]> parts) {
        MessageDigest digest = sha256();
        parts.forEach(digest::update);
        return of(digest.digest(), 0);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    /** The first eight hex digits, as restic shows ids to people. */
    public String brief() {
        return toString().substring(0, 8);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
