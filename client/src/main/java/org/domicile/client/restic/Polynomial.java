package org.domicile.client.restic;

import java.security.SecureRandom;

/**
 * A polynomial over F2, one bit a coefficient. Each repository draws its own irreducible one of degree 53, so that chunk borders
 * (and thereby sizes) say nothing about known content.
 */
public record Polynomial(long bits) {
    static final int DEGREE = 53;

    static Polynomial random(SecureRandom random) {
        while (true) {
            long candidate = random.nextLong() & ((1L << (DEGREE + 1)) - 1) | 1L << DEGREE | 1;
            Polynomial polynomial = new Polynomial(candidate);
            if (polynomial.isIrreducible()) {
                return polynomial;
            }
        }
    }

    /** @throws RepositoryException unless it is hex and of degree 53: other degrees are never written */
    static Polynomial parse(String hex) throws RepositoryException {
        try {
            Polynomial polynomial = new Polynomial(Long.parseUnsignedLong(hex, 16));
            if (degree(polynomial.bits) == DEGREE) {
                return polynomial;
            }
        } catch (NumberFormatException e) {
            throw new RepositoryException("The repository's chunker polynomial is not readable", e);
        }
        throw new RepositoryException("The repository's chunker polynomial is not of degree 53");
    }

    /** Ben-Or's test: no common factor with {@code x^(2^i) - x} for any i up to half the degree. */
    boolean isIrreducible() {
        long power = 2;
        for (int i = 1; i <= degree(bits) / 2; i++) {
            power = multiply(power, power, bits);
            if (gcd(bits, power ^ 2) != 1) {
                return false;
            }
        }
        return true;
    }

    static int degree(long polynomial) {
        return 63 - Long.numberOfLeadingZeros(polynomial);
    }

    static long mod(long dividend, long divisor) {
        int degree = degree(divisor);
        long rest = dividend;
        for (int shift = degree(rest) - degree; shift >= 0; shift = degree(rest) - degree) {
            rest ^= divisor << shift;
        }
        return rest;
    }

    private static long multiply(long left, long right, long modulus) {
        long result = 0;
        long addend = mod(left, modulus);
        for (long rest = right; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result ^= addend;
            }
            addend = mod(addend << 1, modulus);
        }
        return result;
    }

    private static long gcd(long left, long right) {
        return right == 0 ? left : gcd(right, mod(left, right));
    }

    @Override
    public String toString() {
        return Long.toHexString(bits);
    }
}
