package org.domicile.backup.webdav;

import com.google.crypto.tink.subtle.StreamSegmentEncrypter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** Encrypts one part as its plaintext arrives. */
final class PartEncrypter {
    private final StreamSegmentEncrypter stream;
    private final ByteBuffer plain = ByteBuffer.allocate(PartLayout.SEGMENT - PartLayout.TAG);
    private final ByteBuffer encrypted = ByteBuffer.allocate(PartLayout.SEGMENT);
    private final ByteArrayOutputStream ciphertext = new ByteArrayOutputStream();
    private int size;

    PartEncrypter(StreamSegmentEncrypter stream) {
        this.stream = stream;
        var header = new byte[PartLayout.HEADER];
        stream.getHeader().get(header);
        ciphertext.writeBytes(header);
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
        return ciphertext.toByteArray();
    }

    private void flush(boolean last) {
        try {
            stream.encryptSegment(plain.flip(), last, encrypted.clear());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        ciphertext.write(encrypted.array(), 0, encrypted.position());
        plain.clear();
    }
}
