package org.domicile.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A text and signatures of it (C2SP signed-note). What it says is not to be believed before a key's {@link #isSignedBy}.
 *
 * @param text lines, each ended by a newline
 * @param signatures in the order of the note
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    private static final String DASH = "\u2014 ";
    private static final String COSIGNATURE = "cosignature/v1\ntime ";
    private static final int ID_BYTES = 4;
    private static final int SIGNATURE_BYTES = 64;

    /** A line of signature: who says to have signed, the first four bytes of the key's hash, and the rest. */
    public record NoteSignature(String name, byte[] keyId, byte[] signature) {
        @Override
        public String toString() {
            var bytes = ByteBuffer.allocate(keyId.length + signature.length)
                    .put(keyId)
                    .put(signature)
                    .array();
            return DASH + name + " " + Base64.getEncoder().encodeToString(bytes) + "\n";
        }
    }

    public SignedNote {
        if (!text.endsWith("\n") || text.startsWith("\n") || text.contains("\n\n")) {
            throw new IllegalArgumentException("a note's text is lines that are not empty");
        }
        signatures = List.copyOf(signatures);
    }

    /** @throws IllegalArgumentException if it is not a signed note */
    public static SignedNote parse(String note) {
        var split = note.indexOf("\n\n" + DASH);
        if (split < 0) {
            throw new IllegalArgumentException("not a signed note: the signatures are missing");
        }
        return new SignedNote(note.substring(0, split + 1), signatures(note.substring(split + 2)));
    }

    /** Lines of signatures, as a witness returns them. @throws IllegalArgumentException if a line is something else */
    public static List<NoteSignature> signatures(String lines) {
        if (!lines.endsWith("\n")) {
            throw new IllegalArgumentException("a signature's line ends in a newline");
        }
        var signatures = new ArrayList<NoteSignature>();
        for (var line : lines.substring(0, lines.length() - 1).split("\n", -1)) {
            var parts = line.split(" ", -1);
            if (!line.startsWith(DASH) || parts.length != 3) {
                throw new IllegalArgumentException("not a signature's line: " + line);
            }
            var bytes = Base64.getDecoder().decode(parts[2]);
            if (bytes.length <= ID_BYTES) {
                throw new IllegalArgumentException("the signature of " + parts[1] + " is too short");
            }
            signatures.add(new NoteSignature(
                    parts[1], Arrays.copyOf(bytes, ID_BYTES), Arrays.copyOfRange(bytes, ID_BYTES, bytes.length)));
        }
        return signatures;
    }

    /** Ed25519 with a key that it keeps. */
    @FunctionalInterface
    public interface Signer {
        /** @return 64 bytes */
        byte[] sign(byte[] message);

        /** The JDK's own. */
        static Signer of(PrivateKey secret) {
            return message -> ed25519(message, secret);
        }
    }

    /** The author's signature of a text. */
    public static NoteSignature sign(String text, NoteKey key, Signer signer) {
        return new NoteSignature(key.name(), key.id(), signer.sign(text.getBytes(UTF_8)));
    }

    /** A witness's signature of a checkpoint, with the second in which it was given. */
    public static NoteSignature cosign(String text, NoteKey key, Signer signer, Instant at) {
        var seconds = at.getEpochSecond();
        var signature = ByteBuffer.allocate(Long.BYTES + SIGNATURE_BYTES)
                .putLong(seconds)
                .put(signer.sign((COSIGNATURE + seconds + "\n" + text).getBytes(UTF_8)))
                .array();
        return new NoteSignature(key.name(), key.id(), signature);
    }

    public boolean isSignedBy(NoteKey key) {
        return signatures.stream().anyMatch(s -> isGood(s, key));
    }

    /** When the key cosigned this, if it did. */
    public Optional<Instant> cosignedAt(NoteKey key) {
        return signatures.stream()
                .filter(s -> key.algorithm() == NoteKey.Algorithm.COSIGNATURE && isGood(s, key))
                .map(s -> Instant.ofEpochSecond(ByteBuffer.wrap(s.signature).getLong()))
                .findFirst();
    }

    /** The same note with one more signature, or with a newer one of the same key. */
    public SignedNote with(NoteSignature signature) {
        var all = new ArrayList<>(signatures);
        all.removeIf(s -> s.name.equals(signature.name) && Arrays.equals(s.keyId, signature.keyId));
        all.add(signature);
        return new SignedNote(text, all);
    }

    @Override
    public String toString() {
        var note = new StringBuilder(text).append('\n');
        signatures.forEach(note::append);
        return note.toString();
    }

    private boolean isGood(NoteSignature signature, NoteKey key) {
        if (!signature.name.equals(key.name()) || !Arrays.equals(signature.keyId, key.id())) {
            return false;
        }
        if (key.algorithm() == NoteKey.Algorithm.NOTE) {
            return verify(text, signature.signature, key);
        }
        if (signature.signature.length != Long.BYTES + SIGNATURE_BYTES) {
            return false;
        }
        var seconds = ByteBuffer.wrap(signature.signature).getLong();
        var rest = Arrays.copyOfRange(signature.signature, Long.BYTES, signature.signature.length);
        return seconds >= 0 && verify(COSIGNATURE + seconds + "\n" + text, rest, key);
    }

    private static boolean verify(String message, byte[] signature, NoteKey key) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key.key());
            verifier.update(message.getBytes(UTF_8));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not even a signature
        }
    }

    private static byte[] ed25519(byte[] message, PrivateKey secret) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }
}
