package org.domicile.client.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The 2,048 English words of BIP-39, in the order of the alphabet: 11 bits a word. No two share their first four letters. The list is
 * {@code bip-0039/english.txt} of github.com/bitcoin/bips, MIT licence.
 */
public final class WordList {
    private static final int BITS = 11;
    private static final List<String> WORDS = load();

    private WordList() {}

    /** The first bits of these bytes, 11 for each word. */
    static List<String> encode(byte[] bytes, int words) {
        List<String> encoded = new ArrayList<>();
        for (int word = 0; word < words; word++) {
            int index = 0;
            for (int bit = word * BITS; bit < (word + 1) * BITS; bit++) {
                index = index << 1 | bytes[bit / 8] >> 7 - bit % 8 & 1;
            }
            encoded.add(WORDS.get(index));
        }
        return encoded;
    }

    /** @throws IllegalArgumentException for a word that is not in the list */
    static byte[] decode(List<String> words) {
        byte[] bytes = new byte[(words.size() * BITS + 7) / 8];
        for (int word = 0; word < words.size(); word++) {
            int index = index(words.get(word), word);
            for (int i = 0; i < BITS; i++) {
                int bit = word * BITS + i;
                bytes[bit / 8] |= (byte) ((index >> BITS - 1 - i & 1) << 7 - bit % 8);
            }
        }
        return bytes;
    }

    private static int index(String word, int position) {
        int index = WORDS.indexOf(word);
        if (index < 0) {
            throw new IllegalArgumentException("Word " + (position + 1) + ", \"" + word
                    + "\", is not one that a recovery key has: check its spelling");
        }
        return index;
    }

    /** Six words, 66 bits, that two people or screens compare to know that they hold the same bytes. */
    public static List<String> fingerprint(byte[] bytes) {
        return encode(sha256(bytes), 6);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static List<String> load() {
        try (InputStream input = WordList.class.getResourceAsStream("english.txt")) {
            return new String(input.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
