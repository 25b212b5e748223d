package org.domicile.backup.webdav;

import com.google.crypto.tink.subtle.StreamSegmentDecrypter;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** Decrypts the segments of one part as they arrive, and cuts off what is outside of the wanted slice. */
final class PartDecrypter {
    /** The store gave bytes that are not what was stored. */
    static final class Damaged extends IllegalStateException {
        private Damaged(GeneralSecurityException cause) {
            super("a part of the store is not what was stored", cause);
        }
    }

    private final StreamSegmentDecrypter stream;
    private final byte[] bound;
    private final PartLayout.Slice slice;
    private final ByteBuffer waiting = ByteBuffer.allocate(PartLayout.SEGMENT);
    private boolean begun;
    private int segment;

    PartDecrypter(StreamSegmentDecrypter stream, byte[] bound, PartLayout.Slice slice) {
        this.stream = stream;
        this.bound = bound;
        this.slice = slice;
        expectHeader();
    }

    /** Takes the object's header, and then its segments from the slice's first one on. @return plaintext that is wanted */
    List<ByteBuffer> accept(ByteBuffer bytes) {
        var plain = new ArrayList<ByteBuffer>();
        while (bytes.hasRemaining() && segment <= slice.lastSegment()) {
            var count = Math.min(bytes.remaining(), waiting.remaining());
            waiting.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            if (!waiting.hasRemaining()) {
                next(plain);
            }
        }
        return plain;
    }

    private void next(List<ByteBuffer> plain) {
        waiting.flip();
        try {
            if (begun) {
                plain.add(decrypt());
                segment++;
            } else {
                stream.init(waiting, bound);
                begun = true;
                segment = slice.firstSegment();
            }
        } catch (GeneralSecurityException e) {
            throw new Damaged(e);
        }
        if (segment <= slice.lastSegment()) {
            waiting.clear().limit(slice.cipherLength(segment));
        }
    }

    private ByteBuffer decrypt() throws GeneralSecurityException {
        var clear = ByteBuffer.allocate(waiting.remaining() - PartLayout.TAG);
        stream.decryptSegment(waiting, segment, slice.endsPart(segment), clear);
        var start = PartLayout.Slice.plainStart(segment);
        var from = Math.max(0, slice.from() - start);
        var to = Math.min(clear.position(), slice.to() - start);
        return clear.slice(from, to - from);
    }

    private void expectHeader() {
        waiting.limit(PartLayout.HEADER);
    }
}
