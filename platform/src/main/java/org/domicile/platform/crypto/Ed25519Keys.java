package org.domicile.platform.crypto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads Ed25519 keys: PEM (PKCS #8, X.509) and bare base64 of the same. */
public final class Ed25519Keys {
    private Ed25519Keys() {}

    public static PublicKey publicKey(String base64) {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 public key", e);
        }
    }

    public static PublicKey publicKey(Path pem) {
        return publicKey(body(pem));
    }

    public static PrivateKey privateKey(Path pem) {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body(pem))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(pem + " does not hold an Ed25519 private key in PKCS #8 form", e);
        }
    }

    private static String body(Path pem) {
        try {
            return Files.readString(pem).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key file " + pem, e);
        }
    }
}
