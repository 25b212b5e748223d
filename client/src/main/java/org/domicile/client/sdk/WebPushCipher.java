package org.domicile.client.sdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Message encryption for Web Push: {@code aes128gcm} (RFC 8188) in one record under a key that only the receiving device can
 * derive (RFC 8291).
 */
public final class WebPushCipher {
    /** Bytes that fit into one message: RFC 8291 section 4 allows 4096 in all. */
    public static final int MAX_PLAIN = 3993;

    private static final int RECORD = 4096;
    private static final int SALT = 16;
    private static final int TAG = 16;
    private static final int HEADER = SALT + 4 + 1 + P256.POINT;

    private WebPushCipher() {}

    /** @throws IOException when the content is too long or the inbox's keys are not usable */
    public static byte[] encrypt(byte[] plain, InboxKeys.PublicInbox inbox, SecureRandom random) throws IOException {
        java.util.Base64.Decoder decoder = java.util.Base64.getUrlDecoder();
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        try {
            return encrypt(
                    plain,
                    decoder.decode(inbox.p256dh()),
                    decoder.decode(inbox.auth()),
                    InboxKeys.generate(random),
                    salt);
        } catch (IllegalArgumentException e) {
            throw new IOException("The recipient's inbox keys are not readable", e);
        }
    }

    static byte[] encrypt(byte[] plain, byte[] receiver, byte[] authentication, InboxKeys sender, byte[] salt)
            throws IOException {
        if (plain.length > MAX_PLAIN) {
            throw new IOException("The message is too long: at most " + MAX_PLAIN + " bytes fit");
        }
        try {
            byte[] secret = P256.agree(sender.privateKey(), receiver);
            byte[] padded = Arrays.copyOf(plain, plain.length + 1);
            padded[plain.length] = 2;
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, secret, authentication, receiver, sender.point(), salt)
                    .doFinal(padded);
            return ByteBuffer.allocate(HEADER + sealed.length)
                    .put(salt)
                    .putInt(RECORD)
                    .put((byte) P256.POINT)
                    .put(sender.point())
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IOException("The recipient's inbox keys are not usable", e);
        }
    }

    /** @throws IOException when it was not encrypted to these keys, or was changed */
    public static byte[] decrypt(byte[] body, InboxKeys receiver) throws IOException {
        if (body.length < HEADER + TAG + 1 || body[SALT + 4] != P256.POINT) {
            throw new IOException("The message is not an aes128gcm message");
        }
        byte[] salt = Arrays.copyOf(body, SALT);
        byte[] sender = Arrays.copyOfRange(body, SALT + 5, HEADER);
        try {
            byte[] secret = P256.agree(receiver.privateKey(), sender);
            byte[] padded = cipher(
                            Cipher.DECRYPT_MODE, secret, receiver.authentication(), receiver.point(), sender, salt)
                    .doFinal(body, HEADER, body.length - HEADER);
            int end = padded.length - 1;
            while (end > 0 && padded[end] == 0) {
                end--;
            }
            if (padded[end] != 2) {
                throw new IOException("The message has more than one record, which Web Push forbids");
            }
            return Arrays.copyOf(padded, end);
        } catch (GeneralSecurityException e) {
            throw new IOException("The message was not encrypted to this device, or was changed", e);
        }
    }

    private static Cipher cipher(
            int mode, byte[] secret, byte[] authentication, byte[] receiver, byte[] sender, byte[] salt)
            throws GeneralSecurityException {
        byte[] info = ByteBuffer.allocate(14 + 2 * P256.POINT)
                .put("WebPush: info\0".getBytes(StandardCharsets.US_ASCII))
                .put(receiver)
                .put(sender)
                .array();
        byte[] keyMaterial = derive(authentication, secret, info, 32);
        byte[] key = derive(salt, keyMaterial, label("Content-Encoding: aes128gcm\0"), 16);
        byte[] nonce = derive(salt, keyMaterial, label("Content-Encoding: nonce\0"), 12);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, nonce));
        return cipher;
    }

    /** HKDF with SHA-256 (RFC 5869) for at most 32 bytes: extract, then one round of expand. */
    private static byte[] derive(byte[] salt, byte[] input, byte[] info, int length) throws GeneralSecurityException {
        byte[] extracted = hmac(salt, input);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return Arrays.copyOf(hmac(extracted, block), length);
    }

    private static byte[] hmac(byte[] key, byte[] content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(content);
    }

    private static byte[] label(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
