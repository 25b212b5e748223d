package org.domicile.client.sdk;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** The curve of Web Push: uncompressed points and Diffie-Hellman on it. */
final class P256 {
    private static final int COORDINATE = 32;
    static final int POINT = 1 + 2 * COORDINATE;

    private P256() {}

    static byte[] encode(ECPublicKey key) {
        byte[] point = new byte[POINT];
        point[0] = 4;
        copy(key.getW().getAffineX(), point, 1);
        copy(key.getW().getAffineY(), point, 1 + COORDINATE);
        return point;
    }

    /** @throws GeneralSecurityException for what is not a point of the curve */
    static ECPublicKey decode(byte[] point) throws GeneralSecurityException {
        if (point.length != POINT || point[0] != 4) {
            throw new InvalidKeyException("not an uncompressed point of P-256");
        }
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE, POINT));
        KeyFactory factory = KeyFactory.getInstance("EC");
        return (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters()));
    }

    /** The provider refuses points that are off the curve. */
    static byte[] agree(PrivateKey own, byte[] point) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(own);
        agreement.doPhase(decode(point), true);
        return agreement.generateSecret();
    }

    static ECParameterSpec parameters() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static void copy(BigInteger coordinate, byte[] target, int offset) {
        byte[] bytes = coordinate.toByteArray();
        int length = Math.min(bytes.length, COORDINATE);
        System.arraycopy(bytes, bytes.length - length, target, offset + COORDINATE - length, length);
    }
}
