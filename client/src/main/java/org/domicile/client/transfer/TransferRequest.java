package org.domicile.client.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.domicile.client.recovery.WordList;

/**
 * What a new device shows, as text or in a QR code: its public key for this transfer and its name. It is no secret; but whoever answers
 * it must first see that the six words of both devices are the same, or a stranger's key may have taken its place on the way.
 *
 * @param publicKey X25519, 32 bytes
 */
public record TransferRequest(byte[] publicKey, String deviceName) {
    static final int KEY = 32;
    private static final String PREFIX = "domicile-request-1.";

    public String encode() {
        byte[] name = deviceName.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(publicKey, KEY + name.length);
        System.arraycopy(name, 0, bytes, KEY, name.length);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws IllegalArgumentException for what is no request */
    public static TransferRequest parse(String text) {
        byte[] bytes = Transfer.decode(PREFIX, text);
        if (bytes.length < KEY) {
            throw new IllegalArgumentException("The request is cut short: copy all of it");
        }
        return new TransferRequest(
                Arrays.copyOf(bytes, KEY), new String(bytes, KEY, bytes.length - KEY, StandardCharsets.UTF_8));
    }

    /** To be compared on both devices before anything is handed over. */
    public List<String> words() {
        return WordList.fingerprint(encode().getBytes(StandardCharsets.US_ASCII));
    }

    byte[] bytes() {
        return encode().getBytes(StandardCharsets.US_ASCII);
    }
}
