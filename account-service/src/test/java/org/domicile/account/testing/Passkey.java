package org.domicile.account.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

/** An authenticator with one discoverable credential (WebAuthn level 2), as a phone holds it: ES256, user verified, no attestation. */
public final class Passkey {
    private static final String RP_ID = "localhost";
    private static final int PRESENT_AND_VERIFIED = 0x05;
    private static final int WITH_CREDENTIAL = 0x40;

    private final String label;
    private final KeyPair keys;
    private final byte[] id = new byte[32];
    private String userHandle;

    public Passkey() {
        this("Phone");
    }

    /** @param label what the owner types when it is added; no other of theirs may have it */
    public Passkey(String label) {
        this.label = label;
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        new SecureRandom().nextBytes(id);
    }

    /** Somebody else's, who knows this one's id. */
    public Passkey forged() {
        var forged = new Passkey();
        System.arraycopy(id, 0, forged.id, 0, id.length);
        forged.userHandle = userHandle;
        return forged;
    }

    /** The form of a registration. @param user the handle that the page gives, base64url */
    Map<String, String> register(String challenge, String user, String origin) {
        userHandle = user;
        return Map.of(
                "clientDataJSON",
                base64(clientData("webauthn.create", challenge, origin)),
                "attestationObject",
                base64(attestation()),
                "publicKeyCredentialId",
                base64(id),
                "authenticatorLabel",
                label,
                "transports",
                "internal",
                "error",
                "");
    }

    /** The form of a sign-in. */
    Map<String, String> sign(String challenge, String origin) {
        var client = clientData("webauthn.get", challenge, origin);
        var data = authenticatorData(PRESENT_AND_VERIFIED, new byte[0]);
        return Map.of(
                "clientDataJSON", base64(client),
                "authenticatorData", base64(data),
                "signature", base64(signature(data, client)),
                "credentialId", base64(id),
                "userHandle", userHandle,
                "error", "");
    }

    private static byte[] clientData(String type, String challenge, String origin) {
        return ("{\"type\":\"" + type + "\",\"challenge\":\"" + challenge + "\",\"origin\":\"" + origin
                        + "\",\"crossOrigin\":false}")
                .getBytes(UTF_8);
    }

    /** CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}. */
    private byte[] attestation() {
        var data = authenticatorData(PRESENT_AND_VERIFIED | WITH_CREDENTIAL, credential());
        var cbor = new ByteArrayOutputStream();
        cbor.write(0xA3);
        text(cbor, "fmt");
        text(cbor, "none");
        text(cbor, "attStmt");
        cbor.write(0xA0);
        text(cbor, "authData");
        cbor.write(0x58);
        cbor.write(data.length);
        cbor.writeBytes(data);
        return cbor.toByteArray();
    }

    private static void text(ByteArrayOutputStream cbor, String text) {
        cbor.write(0x60 + text.length());
        cbor.writeBytes(text.getBytes(US_ASCII));
    }

    /** AAGUID of nobody, the id with its length, and the key as COSE. */
    private byte[] credential() {
        var point = ((ECPublicKey) keys.getPublic()).getW();
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[16]);
        bytes.write(0);
        bytes.write(id.length);
        bytes.writeBytes(id);
        bytes.writeBytes(new byte[] {(byte) 0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20});
        bytes.writeBytes(coordinate(point.getAffineX()));
        bytes.writeBytes(new byte[] {0x22, 0x58, 0x20});
        bytes.writeBytes(coordinate(point.getAffineY()));
        return bytes.toByteArray();
    }

    private static byte[] coordinate(BigInteger number) {
        var bytes = number.toByteArray();
        var fixed = new byte[32];
        var length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return fixed;
    }

    private static byte[] authenticatorData(int flags, byte[] credential) {
        return ByteBuffer.allocate(37 + credential.length)
                .put(sha256(RP_ID.getBytes(US_ASCII)))
                .put((byte) flags)
                .putInt(0)
                .put(credential)
                .array();
    }

    private byte[] signature(byte[] authenticatorData, byte[] clientData) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(authenticatorData);
            signature.update(sha256(clientData));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
