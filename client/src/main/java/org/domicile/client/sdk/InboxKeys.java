package org.domicile.client.sdk;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * What opens messages to a device: a P-256 key pair and a shared authentication secret (RFC 8291, section 3).
 *
 * @param point the public key, uncompressed, 65 bytes
 * @param authentication 16 bytes
 */
public record InboxKeys(PrivateKey privateKey, byte[] point, byte[] authentication) {

    public static InboxKeys generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            byte[] authentication = new byte[16];
            random.nextBytes(authentication);
            return new InboxKeys(pair.getPrivate(), P256.encode((ECPublicKey) pair.getPublic()), authentication);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /** The part for senders. */
    public PublicInbox forSenders() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return new PublicInbox(encoder.encodeToString(point), encoder.encodeToString(authentication));
    }

    /** @param p256dh and {@code auth}: base64url, as Web Push libraries name them */
    public record PublicInbox(String p256dh, String auth) {}

    /** For the owner's own storage: PKCS #8 in base64. */
    public Secret exportPrivateKey() {
        return new Secret(Base64.getEncoder().encodeToString(privateKey.getEncoded()));
    }

    /** The reverse of {@link #exportPrivateKey} and {@link #forSenders}. */
    public static InboxKeys restore(Secret privateKey, PublicInbox inbox) {
        try {
            byte[] encoded = Base64.getDecoder().decode(privateKey.reveal());
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            Base64.Decoder decoder = Base64.getUrlDecoder();
            return new InboxKeys(key, decoder.decode(inbox.p256dh()), decoder.decode(inbox.auth()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The stored inbox key is damaged", e);
        }
    }

    @Override
    public String toString() {
        return "InboxKeys[redacted]";
    }
}
