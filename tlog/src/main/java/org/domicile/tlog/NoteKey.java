package org.domicile.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;

/**
 * Who may sign a note, by name and Ed25519 key (C2SP signed-note).
 *
 * @param name without spaces and plus signs
 */
public record NoteKey(String name, Algorithm algorithm, PublicKey key) {
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;

    /** What a signature of the key says. */
    public enum Algorithm {
        /** "I wrote this note." */
        NOTE(1),
        /** "I saw this checkpoint, and it continues all that I saw before" (C2SP tlog-cosignature). */
        COSIGNATURE(4);

        private final byte id;

        Algorithm(int id) {
            this.id = (byte) id;
        }
    }

    public NoteKey {
        if (name.isEmpty() || name.contains("+") || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("not the name of a key: \"" + name + "\"");
        }
    }

    /** Four bytes that tell the keys of a name apart. */
    public byte[] id() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(UTF_8));
            digest.update((byte) '\n');
            digest.update(algorithm.id);
            var encoded = key.getEncoded(); // X.509, which ends in the key itself
            digest.update(encoded, encoded.length - KEY_BYTES, KEY_BYTES);
            return Arrays.copyOf(digest.digest(), ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
