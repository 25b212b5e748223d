package org.domicile.client.recovery;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * 24 words that open a backup when its password is lost: 256 random bits and 8 bits of their SHA-256 (BIP-39). The words themselves, in
 * lower case with one space between them, are a password of the repository, so any restic client opens it with them. Never shown by
 * {@link #toString()}.
 */
public final class RecoveryKey {
    public static final int WORDS = 24;
    private static final int ENTROPY = 32;

    private final List<String> words;

    private RecoveryKey(List<String> words) {
        this.words = words;
    }

    public static RecoveryKey generate(SecureRandom random) {
        byte[] entropy = new byte[ENTROPY];
        random.nextBytes(entropy);
        return of(entropy);
    }

    /** @param entropy 32 bytes */
    static RecoveryKey of(byte[] entropy) {
        byte[] bytes = Arrays.copyOf(entropy, ENTROPY + 1);
        bytes[ENTROPY] = WordList.sha256(entropy)[0];
        return new RecoveryKey(WordList.encode(bytes, WORDS));
    }

    /**
     * From what a person typed: any case, any white space, with or without numbers before the words.
     *
     * @throws IllegalArgumentException saying which word is wrong, or that they do not belong together
     */
    public static RecoveryKey parse(String typed) {
        List<String> words = Arrays.stream(typed.toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.size() != WORDS) {
            throw new IllegalArgumentException("A recovery key has " + WORDS + " words, these are " + words.size()
                    + ": type all of them, in order");
        }
        byte[] bytes = WordList.decode(words);
        byte[] entropy = Arrays.copyOf(bytes, ENTROPY);
        if (bytes[ENTROPY] != WordList.sha256(entropy)[0]) {
            throw new IllegalArgumentException(
                    "These words do not belong together: check each of them, and their order");
        }
        return new RecoveryKey(words);
    }

    /** In order; for the owner's eyes. */
    public List<String> words() {
        return words;
    }

    /** The repository password that the words are. */
    public String password() {
        return String.join(" ", words);
    }

    @Override
    public String toString() {
        return "RecoveryKey[redacted]";
    }
}
