package org.domicile.backup.webdav;

import com.google.crypto.tink.subtle.StreamSegmentEncrypter;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** Encrypts one part as its plaintext arrives. */
final class PartEncrypter {
    private final StreamSegmentEncrypter stream;
    private final ByteBuffer plain = ByteBuffer.allocate(PartLayout.SEGMENT - PartLayout.TAG);
    /** Grows as plaintext comes, so that a client that sends little holds little. */
    private byte[] ciphertext = new byte[PartLayout.SEGMENT];

    private int length;
    private int size;

    PartEncrypter(StreamSegmentEncrypter stream) {
        this.stream = stream;
        stream.getHeader().get(ciphertext, 0, PartLayout.HEADER);
        length = PartLayout.HEADER;
        plain.limit(plain.capacity() - PartLayout.HEADER);
    }

    /** Takes as much of the plaintext as the part has room for. */
    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !isFull()) {
            if (!plain.hasRemaining()) {
                flush(false);
            }
            var count = Math.min(Math.min(bytes.remaining(), plain.remaining()), PartLayout.PART - size);
            plain.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            size += count;
        }
    }

    boolean isFull() {
        return size == PartLayout.PART;
    }

    /** Bytes of plaintext. */
    int size() {
        return size;
    }

    /** @return the whole ciphertext */
    byte[] finish() {
        flush(true);
        return length == ciphertext.length ? ciphertext : Arrays.copyOf(ciphertext, length);
    }

    private void flush(boolean last) {
        var needed = length + plain.position() + PartLayout.TAG;
        if (needed > ciphertext.length) {
            ciphertext = Arrays.copyOf(ciphertext, Math.clamp(ciphertext.length * 2L, needed, PartLayout.LARGEST));
        }
        var room = ByteBuffer.wrap(ciphertext, length, ciphertext.length - length);
        try {
            stream.encryptSegment(plain.flip(), last, room);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        length = room.position();
        plain.clear();
    }
}
