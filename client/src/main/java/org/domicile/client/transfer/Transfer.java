package org.domicile.client.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.domicile.client.recovery.WordList;

/**
 * Hands a secret from a trusted device to a new one, through any channel, even one that others read and change: HPKE (RFC 9180, base
 * mode, X25519, HKDF-SHA256, AES-256-GCM) to the new device's key of the moment.
 *
 * <pre>
 * new device                                   trusted device
 * request, six words     ── request ──▶        six words: the same? then seal
 * open, six words        ◀── offer ──          six words of request and offer
 * the same? then keep it
 * </pre>
 *
 * The first comparison keeps the secret from a stranger, the second keeps a stranger's secret out. One instance is the new device's side
 * of one transfer; its private key is never written anywhere.
 */
public final class Transfer {
    private static final String OFFER = "domicile-offer-1.";
    private static final byte[] INFO = "domicile device transfer 1".getBytes(StandardCharsets.US_ASCII);

    private final AsymmetricCipherKeyPair keys = hpke().generatePrivateKey();
    private final TransferRequest request;

    /** @param deviceName how the new device wants to be called in the account's list */
    public Transfer(String deviceName) {
        request = new TransferRequest(hpke().serializePublicKey(keys.getPublic()), deviceName);
    }

    public TransferRequest request() {
        return request;
    }

    /** An encrypted answer to one request. @param words to be compared once the new device has it */
    public record Offer(String text, List<String> words) {}

    /** On the trusted device, after the owner has compared the request's words. */
    public static Offer offer(TransferRequest request, byte[] secret) {
        HPKE hpke = hpke();
        try {
            byte[][] sealed = hpke.seal(
                    hpke.deserializePublicKey(request.publicKey()), INFO, request.bytes(), secret, null, null, null);
            byte[] bytes = Arrays.copyOf(sealed[1], sealed[1].length + sealed[0].length);
            System.arraycopy(sealed[0], 0, bytes, sealed[1].length, sealed[0].length);
            String text = OFFER + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            return new Offer(text, words(request, text));
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new IllegalArgumentException("The request holds no usable key: show it again on the new device", e);
        }
    }

    /** What was handed over. @param words to be compared before it is believed */
    public record Received(byte[] secret, List<String> words) {}

    /** @throws IllegalArgumentException when the offer is for another request, or was changed */
    public Received open(String offer) {
        byte[] bytes = decode(OFFER, offer);
        if (bytes.length <= TransferRequest.KEY) {
            throw new IllegalArgumentException("The offer is cut short: copy all of it");
        }
        byte[] encapsulated = Arrays.copyOf(bytes, TransferRequest.KEY);
        byte[] sealed = Arrays.copyOfRange(bytes, TransferRequest.KEY, bytes.length);
        try {
            byte[] secret = hpke().open(encapsulated, keys, INFO, request.bytes(), sealed, null, null, null);
            return new Received(secret, words(request, clean(offer)));
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "The offer does not answer this request: start again on both devices", e);
        }
    }

    private static List<String> words(TransferRequest request, String offer) {
        return WordList.fingerprint((request.encode() + "\n" + offer).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] decode(String prefix, String text) {
        String given = clean(text);
        if (!given.startsWith(prefix)) {
            throw new IllegalArgumentException(
                    "This is not what is needed here: copy the whole line that starts with " + prefix);
        }
        try {
            return Base64.getUrlDecoder().decode(given.substring(prefix.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Some of it was changed or lost: copy the whole line again", e);
        }
    }

    private static String clean(String text) {
        return text.replaceAll("\\s", "");
    }

    private static HPKE hpke() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }
}
