package org.domicile.platform.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;

/** JSON under an Ed25519 signature in JWS compact serialization (RFC 7515, RFC 8037 {@code EdDSA}). */
public final class SignedDocument {
    private static final String ALGORITHM = "EdDSA";

    private SignedDocument() {}

    /** @param keyId the region or authority whose key signs; becomes {@code kid} */
    public static String sign(JsonObject payload, String keyId, PrivateKey key) {
        var header = new JsonObject().put("alg", ALGORITHM).put("kid", keyId);
        var input = encode(header.toBuffer().getBytes()) + "."
                + encode(payload.toBuffer().getBytes());
        return input + "." + encode(Ed25519Signature.sign(key, input.getBytes(US_ASCII)));
    }

    /** Who says to have signed. Not to be believed before {@link #verify}. */
    public static String claimedKeyId(String jws) {
        return part(jws, 0).getString("kid", "");
    }

    /** What the document says. Not to be believed before {@link #verify}. */
    public static JsonObject claimedPayload(String jws) {
        return part(jws, 1);
    }

    /** @throws InvalidSignature if the document is malformed or not signed with this key */
    public static JsonObject verify(String jws, PublicKey key) {
        var header = part(jws, 0);
        var parts = jws.split("\\.", -1);
        if (parts.length != 3 || !ALGORITHM.equals(header.getString("alg"))) {
            throw new InvalidSignature("not a compact EdDSA JWS");
        }
        if (!Ed25519Signature.isGood(bytes(parts[2]), key, (parts[0] + "." + parts[1]).getBytes(US_ASCII))) {
            throw new InvalidSignature("the signature does not match");
        }
        return part(jws, 1);
    }

    private static byte[] bytes(String base64url) {
        try {
            return Base64.getUrlDecoder().decode(base64url);
        } catch (IllegalArgumentException e) {
            throw new InvalidSignature("the signature cannot be checked: " + e.getMessage());
        }
    }

    private static JsonObject part(String jws, int index) {
        try {
            var parts = jws.split("\\.", -1);
            return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[index])));
        } catch (RuntimeException e) {
            throw new InvalidSignature("not a compact JWS");
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The document is not what its signer signed. */
    public static final class InvalidSignature extends RuntimeException {
        public InvalidSignature(String message) {
            super(message);
        }
    }
}
