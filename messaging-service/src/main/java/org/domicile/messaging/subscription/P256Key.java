package org.domicile.messaging.subscription;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** A public key on P-256 as Web Push writes it: base64url of the uncompressed point, 65 bytes (RFC 8291 section 3.1, RFC 8292 section 3.2). */
public final class P256Key {
    private static final int LENGTH = 65;
    private static final byte UNCOMPRESSED = 4;
    private static final ECParameterSpec CURVE = curve();

    private final byte[] point;

    private P256Key(byte[] point) {
        this.point = point;
    }

    /** The key that the text spells, with or without padding; empty if that is no point of the curve. */
    public static Optional<P256Key> parse(String text) {
        try {
            return of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The key of an uncompressed point; empty if it is not on the curve. */
    public static Optional<P256Key> of(byte[] point) {
        if (point.length != LENGTH || point[0] != UNCOMPRESSED) {
            return Optional.empty();
        }
        var key = new P256Key(point.clone());
        return key.onCurve() ? Optional.of(key) : Optional.empty();
    }

    public byte[] bytes() {
        return point.clone();
    }

    public String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(point);
    }

    public ECPublicKey publicKey() {
        try {
            return (ECPublicKey)
                    KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x(), y()), CURVE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean onCurve() {
        var p = ((ECFieldFp) CURVE.getCurve().getField()).getP();
        var x = x();
        var y = y();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        var right = x.pow(3)
                .add(CURVE.getCurve().getA().multiply(x))
                .add(CURVE.getCurve().getB());
        return y.multiply(y).subtract(right).mod(p).signum() == 0;
    }

    private BigInteger x() {
        return new BigInteger(1, point, 1, 32);
    }

    private BigInteger y() {
        return new BigInteger(1, point, 33, 32);
    }

    private static ECParameterSpec curve() {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof P256Key key && Arrays.equals(point, key.point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    @Override
    public String toString() {
        return text();
    }
}
