package org.domicile.client.sdk;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * What a device signs its messages with: ECDSA on P-256 with SHA-256. It is another key than that of its inbox, which only agrees on
 * secrets.
 *
 * @param point the public key, uncompressed, 65 bytes
 */
public record SenderKeys(PrivateKey privateKey, byte[] point) {
    private static final String ALGORITHM = "SHA256withECDSA";

    public static SenderKeys generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            return new SenderKeys(pair.getPrivate(), P256.encode((ECPublicKey) pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /** The public key as messages carry it: base64url. */
    public String publicKey() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(point);
    }

    /** For the owner's own storage: PKCS #8 in base64. */
    public Secret exportPrivateKey() {
        return new Secret(Base64.getEncoder().encodeToString(privateKey.getEncoded()));
    }

    /** The reverse of {@link #exportPrivateKey} and {@link #publicKey}. */
    public static SenderKeys restore(Secret privateKey, String publicKey) {
        try {
            byte[] encoded = Base64.getDecoder().decode(privateKey.reveal());
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new SenderKeys(key, Base64.getUrlDecoder().decode(publicKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The stored sender key is damaged", e);
        }
    }

    byte[] sign(byte[] content, SecureRandom random) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey, random);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The sender key cannot sign", e);
        }
    }

    static boolean verify(byte[] point, byte[] content, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(P256.decode(point));
            signature.update(content);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "SenderKeys[redacted]";
    }
}
