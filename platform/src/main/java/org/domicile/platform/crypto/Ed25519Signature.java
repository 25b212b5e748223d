package org.domicile.platform.crypto;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Ed25519 (RFC 8032) by Bouncy Castle: every command of a move is signed and checked, and the JDK takes eight times as long for that, a
 * millisecond each.
 */
public final class Ed25519Signature {
    private Ed25519Signature() {}

    /** @return 64 bytes */
    public static byte[] sign(PrivateKey key, byte[] message) {
        var signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed(key), 0, message, 0, message.length, signature, 0);
        return signature;
    }

    static boolean isGood(byte[] signature, PublicKey key, byte[] message) {
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, point(key), 0, message, 0, message.length);
    }

    private static byte[] seed(PrivateKey key) {
        if (key instanceof EdECPrivateKey ed) {
            return ed.getBytes().orElseThrow(() -> new IllegalArgumentException("the private key cannot be read"));
        }
        throw new IllegalArgumentException("not an Ed25519 private key");
    }

    /** The end of the key's X.509 form (RFC 8410), which has one length only. */
    private static byte[] point(PublicKey key) {
        var encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - Ed25519.PUBLIC_KEY_SIZE, encoded.length);
    }
}
