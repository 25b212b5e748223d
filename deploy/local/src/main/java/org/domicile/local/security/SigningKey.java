package org.domicile.local.security;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.domicile.local.home.PrivateFiles;

/** An Ed25519 key pair in two PEM files, made if missing. */
public record SigningKey(Path privateFile, Path publicFile) {
    public static SigningKey in(Path folder, String name) {
        var key = new SigningKey(folder.resolve(name + ".key.pem"), folder.resolve(name + ".public.pem"));
        if (!Files.exists(key.privateFile) || !Files.exists(key.publicFile)) {
            try {
                var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                PrivateFiles.write(key.privateFile, Pem.of(pair.getPrivate()));
                PrivateFiles.write(key.publicFile, Pem.of(pair.getPublic()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no Ed25519", e);
            }
        }
        return key;
    }

    /** Base64 of the X.509 SubjectPublicKeyInfo. */
    public String publicBase64() {
        return Base64.getEncoder().encodeToString(Pem.publicKey(publicFile).getEncoded());
    }

    /** A compact JWS (RFC 7515) under {@code EdDSA} (RFC 8037). */
    public String jws(String keyId, String json) {
        var input = encode("{\"alg\":\"EdDSA\",\"kid\":\"" + keyId + "\"}") + "." + encode(json);
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(Pem.privateKey(privateFile));
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + privateFile, e);
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
