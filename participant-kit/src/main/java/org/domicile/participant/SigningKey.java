package org.domicile.participant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Signs commands as a region's migration-service does: a compact JWS with Ed25519 (RFC 7515, RFC 8037). */
public final class SigningKey {
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final String issuer;
    private final PrivateKey key;

    public SigningKey(String issuer, PrivateKey key) {
        this.issuer = issuer;
        this.key = key;
    }

    String issuer() {
        return issuer;
    }

    static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a key that only this user can read. @return the public half, base64 of its X.509 form */
    static String create(Path file) throws IOException {
        var pair = generate();
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    static SigningKey read(String issuer, Path file) throws IOException {
        var base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            return new SigningKey(
                    issuer,
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " does not hold an Ed25519 private key in PKCS #8 form", e);
        }
    }

    String sign(String payload) {
        return sign("{\"alg\":\"EdDSA\",\"kid\":\"" + issuer + "\"}", payload);
    }

    String sign(String header, String payload) {
        var input = URL.encodeToString(header.getBytes(UTF_8)) + "." + URL.encodeToString(payload.getBytes(UTF_8));
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(input.getBytes(UTF_8));
            return input + "." + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
