package org.domicile.account.export;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes bytes on, counts and digests them; closing it leaves what is below open. */
final class Measured extends OutputStream {
    private final OutputStream out;
    private final MessageDigest digest;
    private long bytes;

    Measured(OutputStream out) {
        this.out = out;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int from, int length) throws IOException {
        out.write(buffer, from, length);
        digest.update(buffer, from, length);
        bytes += length;
    }

    long bytes() {
        return bytes;
    }

    /** Hex, of all bytes so far; asked once. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
