package org.domicile.client.restic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The polynomial of Poly1305 (RFC 8439, section 2.5) with the number that is added at the end given by the caller: Poly1305-AES
 * takes it from AES, and no Java platform offers the bare function.
 *
 * <p>Numbers are in limbs of 44, 44 and 42 bits. A product of two limbs is split at 2^44 by one multiplication for the low and one for
 * the high half, so that sums of them never overflow 64 bits. One multiplication takes the same time whatever its numbers are.
 */
final class Poly1305 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = 16;
    private static final long M44 = (1L << 44) - 1;
    private static final long M42 = (1L << 42) - 1;
    /** The bit above a whole block, in the last limb. */
    private static final long WHOLE = 1L << 40;
    /** Shifting both factors by this leaves the product's bits above 2^44 in the high word. */
    private static final int HALF = 10;

    private final long r0;
    private final long r1;
    private final long r2;
    /** What leaves the top comes back 2^132 mod p = 20 fold. */
    private final long s1;

    private final long s2;
    private long h0;
    private long h1;
    private long h2;

    /** @param r 16 bytes, clamped or not */
    Poly1305(byte[] r) {
        long low = (long) LONG.get(r, 0) & 0x0ffffffc0fffffffL;
        long high = (long) LONG.get(r, 8) & 0x0ffffffc0ffffffcL;
        r0 = low & M44;
        r1 = (low >>> 44 | high << 20) & M44;
        r2 = high >>> 24;
        s1 = 20 * r1;
        s2 = 20 * r2;
    }

    /** The tag of the content: its polynomial at r, plus the number {@code s} of 16 bytes, little-endian. One use. */
    static void tag(byte[] r, byte[] s, byte[] content, int offset, int length, byte[] out, int outOffset) {
        Poly1305 poly = new Poly1305(r);
        int whole = length / BLOCK;
        poly.blocks(content, offset, whole, WHOLE);
        int rest = length - whole * BLOCK;
        if (rest > 0) {
            byte[] last = new byte[BLOCK];
            System.arraycopy(content, offset + whole * BLOCK, last, 0, rest);
            last[rest] = 1;
            poly.blocks(last, 0, 1, 0);
        }
        poly.finish(s, out, outOffset);
    }

    private void blocks(byte[] content, int offset, int count, long top) {
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        long q0 = r0 << HALF;
        long q1 = r1 << HALF;
        long q2 = r2 << HALF;
        long t1 = s1 << HALF;
        long t2 = s2 << HALF;
        for (int at = offset, end = offset + count * BLOCK; at < end; at += BLOCK) {
            long low = (long) LONG.get(content, at);
            long high = (long) LONG.get(content, at + 8);
            a0 += low & M44;
            a1 += (low >>> 44 | high << 20) & M44;
            a2 += high >>> 24 | top;
            long b0 = a0 << HALF;
            long b1 = a1 << HALF;
            long b2 = a2 << HALF;
            long d0 = (a0 * r0 & M44) + (a1 * s2 & M44) + (a2 * s1 & M44);
            long d1 = (a0 * r1 & M44)
                    + (a1 * r0 & M44)
                    + (a2 * s2 & M44)
                    + Math.multiplyHigh(b0, q0)
                    + Math.multiplyHigh(b1, t2)
                    + Math.multiplyHigh(b2, t1);
            long d2 = (a0 * r2 & M44)
                    + (a1 * r1 & M44)
                    + (a2 * r0 & M44)
                    + Math.multiplyHigh(b0, q1)
                    + Math.multiplyHigh(b1, q0)
                    + Math.multiplyHigh(b2, t2);
            long d3 = Math.multiplyHigh(b0, q2) + Math.multiplyHigh(b1, q1) + Math.multiplyHigh(b2, q0);
            d1 += d0 >>> 44;
            d2 += d1 >>> 44;
            // Above 2^130: d3 starts at 2^132, and d2 overlaps it from its bit 42 on.
            long over = (d2 >>> 42) + (d3 << 2);
            a0 = (d0 & M44) + over * 5;
            a1 = (d1 & M44) + (a0 >>> 44);
            a0 &= M44;
            a2 = d2 & M42;
        }
        h0 = a0;
        h1 = a1;
        h2 = a2;
    }

    private void finish(byte[] s, byte[] out, int outOffset) {
        long c0 = h0;
        long c1 = h1 + (c0 >>> 44);
        c0 &= M44;
        long c2 = h2 + (c1 >>> 44);
        c1 &= M44;
        c0 += 5 * (c2 >>> 42);
        c2 &= M42;
        c1 += c0 >>> 44;
        c0 &= M44;
        c2 += c1 >>> 44;
        c1 &= M44;
        // h - p, taken without a branch if it is not negative.
        long g0 = c0 + 5;
        long g1 = c1 + (g0 >>> 44);
        g0 &= M44;
        long g2 = c2 + (g1 >>> 44) - (1L << 42);
        g1 &= M44;
        long keep = g2 >> 63;
        c0 = c0 & keep | g0 & ~keep;
        c1 = c1 & keep | g1 & ~keep;
        c2 = c2 & keep | g2 & ~keep;
        long low = c0 | c1 << 44;
        long high = c1 >>> 20 | c2 << 24;
        long sum = low + (long) LONG.get(s, 0);
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        LONG.set(out, outOffset, sum);
        LONG.set(out, outOffset + 8, high + (long) LONG.get(s, 8) + carry);
    }
}
