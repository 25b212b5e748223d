package org.domicile.client.restic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The keys of a repository: AES-256 in counter mode, then Poly1305-AES over the ciphertext.
 *
 * <p>Sealed form: {@code IV (16) || ciphertext || MAC (16)}; the IV is also the MAC's nonce (restic design, "Keys, Encryption and MAC").
 */
public final class MasterKey {
    /** Bytes that sealing adds. */
    public static final int OVERHEAD = 32;

    private static final int BLOCK = 16;
    /** Bytes of a sealed form before the ciphertext. */
    static final int HEAD = BLOCK;

    private static final int PIECE = 16 * 1024;

    private final byte[] encryption;
    private final byte[] macKey;
    private final byte[] macR;
    private final SecureRandom random;

    MasterKey(byte[] encryption, byte[] macKey, byte[] macR, SecureRandom random) {
        this.encryption = encryption.clone();
        this.macKey = macKey.clone();
        this.macR = macR.clone();
        this.random = random;
    }

    static MasterKey generate(SecureRandom random) {
        byte[] bytes = new byte[64];
        random.nextBytes(bytes);
        return fromBytes(bytes, random);
    }

    /** From 64 bytes: 32 for AES-256, 16 for the MAC's AES key, 16 for the MAC's {@code r}. */
    static MasterKey fromBytes(byte[] bytes, SecureRandom random) {
        return new MasterKey(
                Arrays.copyOfRange(bytes, 0, 32),
                Arrays.copyOfRange(bytes, 32, 48),
                clamp(Arrays.copyOfRange(bytes, 48, 64)),
                random);
    }

    static MasterKey fromJson(JsonNode json, SecureRandom random) throws IOException {
        return new MasterKey(
                json.path("encrypt").binaryValue(),
                json.path("mac").path("k").binaryValue(),
                json.path("mac").path("r").binaryValue(),
                random);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.putObject("mac").put("k", macKey).put("r", macR);
        json.put("encrypt", encryption);
        return json;
    }

    /** Encrypts and authenticates under a fresh random IV. */
    public byte[] seal(byte[] plain, int offset, int length) {
        byte[] sealed = new byte[length + OVERHEAD];
        seal(plain, offset, length, sealed);
        return sealed;
    }

    /** Into the start of {@code sealed}; the plain content may be in the same array, from {@link #HEAD} on. */
    void seal(byte[] plain, int offset, int length, byte[] sealed) {
        byte[] iv = new byte[BLOCK];
        random.nextBytes(iv);
        System.arraycopy(iv, 0, sealed, 0, BLOCK);
        try {
            apply(cipher(iv), plain, offset, length, sealed, BLOCK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES in counter mode cannot fail", e);
        }
        mac(iv, sealed, BLOCK, length, sealed, BLOCK + length);
    }

    public byte[] seal(byte[] plain) {
        return seal(plain, 0, plain.length);
    }

    /** @throws RepositoryException when the MAC does not match: another key, or changed bytes */
    public byte[] open(byte[] sealed, int offset, int length) throws RepositoryException {
        if (length < OVERHEAD) {
            throw new RepositoryException("The encrypted data is cut short");
        }
        byte[] iv = Arrays.copyOfRange(sealed, offset, offset + BLOCK);
        int plainLength = length - OVERHEAD;
        byte[] expected = new byte[BLOCK];
        mac(iv, sealed, offset + BLOCK, plainLength, expected, 0);
        byte[] found = Arrays.copyOfRange(sealed, offset + length - BLOCK, offset + length);
        if (!MessageDigest.isEqual(expected, found)) {
            throw new RepositoryException(
                    "The encrypted data does not authenticate: it was changed, or the key is another");
        }
        try {
            byte[] plain = new byte[plainLength];
            apply(cipher(iv), sealed, offset + BLOCK, plainLength, plain, 0);
            return plain;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES in counter mode cannot fail", e);
        }
    }

    public byte[] open(byte[] sealed) throws RepositoryException {
        return open(sealed, 0, sealed.length);
    }

    private Cipher cipher(byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(encryption, "AES"), new IvParameterSpec(iv));
        return cipher;
    }

    /** In pieces: the JVM moves to its AES instructions after some calls, not within one long call. */
    private static void apply(Cipher cipher, byte[] from, int offset, int length, byte[] to, int toOffset)
            throws GeneralSecurityException {
        int done = 0;
        while (length - done > PIECE) {
            done += cipher.update(from, offset + done, PIECE, to, toOffset + done);
        }
        cipher.doFinal(from, offset + done, length - done, to, toOffset + done);
    }

    private void mac(byte[] nonce, byte[] content, int offset, int length, byte[] out, int outOffset) {
        BlockCipher aes = AESEngine.newInstance();
        aes.init(true, new KeyParameter(macKey));
        byte[] pad = new byte[BLOCK];
        aes.processBlock(nonce, 0, pad, 0);
        Poly1305.tag(macR, pad, content, offset, length, out, outOffset);
    }

    /** Clears the bits of {@code r} that Poly1305 requires to be zero (Bernstein 2005, section 2). */
    private static byte[] clamp(byte[] r) {
        for (int i : new int[] {3, 7, 11, 15}) {
            r[i] &= 15;
        }
        for (int i : new int[] {4, 8, 12}) {
            r[i] &= (byte) 252;
        }
        return r;
    }

    @Override
    public String toString() {
        return "MasterKey[redacted]";
    }
}
