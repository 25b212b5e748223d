package org.domicile.client.restic;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream where its content says so, so that an insertion moves no border but its own.
 *
 * <p>A chunk ends after the first byte, at 512 KiB or later, at which the Rabin fingerprint of the last 64 bytes has its lowest
 * 20 bits zero, and at 8 MiB at the latest; the average is about 1 MiB more than the minimum. The borders equal restic's. One
 * instance serves one thread and can be reused: {@link #reset}.
 */
public final class Chunker {
    public static final int MIN = 512 * 1024;
    public static final int MAX = 8 * 1024 * 1024;

    private static final int WINDOW = 64;
    private static final long MASK = (1L << 20) - 1;
    private static final int SHIFT = Polynomial.DEGREE - 8;
    private static final int STEP = 512 * 1024;

    /** What a byte that leaves the window contributes to the next fingerprint. */
    private final long[] leave = new long[256];
    /** Brings a fingerprint that was shifted by a byte back below the polynomial's degree. */
    private final long[] reduce = new long[256];

    private byte[] buffer = new byte[2 * STEP];
    private int filled;
    private long fingerprint;
    private InputStream input = InputStream.nullInputStream();

    public Chunker(Polynomial polynomial) {
        long p = polynomial.bits();
        for (int b = 0; b < 256; b++) {
            long hash = b;
            for (int i = 1; i < WINDOW; i++) {
                hash = Polynomial.mod(hash << 8, p);
            }
            leave[b] = Polynomial.mod(hash << 8, p);
            long high = (long) b << Polynomial.DEGREE;
            reduce[b] = Polynomial.mod(high, p) | high;
        }
    }

    /** Starts on another stream, which the caller closes. */
    public Chunker reset(InputStream stream) {
        input = stream;
        filled = 0;
        if (buffer.length > 2 * STEP) {
            buffer = new byte[2 * STEP];
        }
        return this;
    }

    /** The next chunk, or null at the end of the stream. An empty stream has none. */
    public byte[] next() throws IOException {
        if (!fill(MIN)) {
            return filled == 0 ? null : take(filled);
        }
        long digest = 0;
        for (int i = MIN - WINDOW; i < MIN; i++) {
            digest = append(digest, buffer[i]);
        }
        int length = MIN;
        while ((digest & MASK) != 0 && length < MAX) {
            if (length == filled && !fill(length + 1)) {
                break;
            }
            int end = Math.min(filled, MAX);
            length = scan(digest, length, end);
            digest = fingerprint;
        }
        return take(length);
    }

    /** Slides the window on until a border or the end; leaves the fingerprint there in its field. */
    private int scan(long start, int from, int end) {
        byte[] bytes = buffer;
        long[] leaving = leave;
        long[] reducing = reduce;
        long digest = start;
        int length = from;
        do {
            long change = leaving[bytes[length - WINDOW] & 0xff] ^ (bytes[length] & 0xff);
            digest = (digest << 8 ^ change) ^ reducing[(int) (digest >>> SHIFT)];
            length++;
        } while ((digest & MASK) != 0 && length < end);
        fingerprint = digest;
        return length;
    }

    private long append(long digest, byte b) {
        return (digest << 8 | b & 0xff) ^ reduce[(int) (digest >>> SHIFT)];
    }

    /** Reads on until there are at least {@code wanted} bytes; false when the stream ends before. */
    private boolean fill(int wanted) throws IOException {
        while (filled < wanted) {
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, MAX + STEP));
            }
            int count = input.read(buffer, filled, Math.min(STEP, buffer.length - filled));
            if (count < 0) {
                return false;
            }
            filled += count;
        }
        return true;
    }

    private byte[] take(int length) {
        byte[] chunk = Arrays.copyOf(buffer, length);
        System.arraycopy(buffer, length, buffer, 0, filled - length);
        filled -= length;
        return chunk;
    }
}
