package org.domicile.backup.webdav;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;

/**
 * How a content lies in the store: parts of 1 MiB of plaintext (the last may be shorter), each an object of its own, whose
 * ciphertext is a header and segments of 64 KiB (Tink's AES-GCM-HKDF streaming): so a body of unknown length needs one part of
 * memory, every object is stored with its checksum, and a range is read without what is before it. An empty content has no part.
 */
final class PartLayout {
    static final String ROOT = "webdav/";
    static final int PART = 1 << 20;
    static final int KEY = 32;
    static final int SEGMENT = 64 << 10;
    static final int TAG = 16;
    /** Its own length, salt and nonce prefix. */
    static final int HEADER = 1 + KEY + 7;

    private static final int PLAIN = SEGMENT - TAG;
    /** Bytes of ciphertext of a whole part. */
    static final int LARGEST = HEADER + PART + (PART + HEADER + PLAIN - 1) / PLAIN * TAG;

    private PartLayout() {}

    /**
     * The segments of one part that hold a range.
     *
     * @param size bytes of the part's plaintext
     * @param from first wanted byte within it
     * @param to behind the last one
     */
    record Slice(int part, int size, int from, int to) {
        int firstSegment() {
            return segmentOf(from);
        }

        int lastSegment() {
            return segmentOf(to - 1);
        }

        boolean endsPart(int segment) {
            return segment == segmentOf(size - 1);
        }

        /** Where a segment's plaintext begins in the part. */
        static int plainStart(int segment) {
            return segment == 0 ? 0 : segment * PLAIN - HEADER;
        }

        /** Where a segment's ciphertext begins in the object. */
        static int start(int segment) {
            return segment == 0 ? HEADER : segment * SEGMENT;
        }

        int cipherLength(int segment) {
            return Math.min(plainStart(segment + 1), size) - plainStart(segment) + TAG;
        }

        /** Behind the last byte of ciphertext that is needed. */
        int end() {
            return start(lastSegment()) + cipherLength(lastSegment());
        }

        private static int segmentOf(int offset) {
            return (offset + HEADER) / PLAIN;
        }
    }

    static List<Slice> slices(long size, long offset, long count) {
        var slices = new ArrayList<Slice>();
        for (long at = offset; at < offset + count; ) {
            long part = at / PART;
            long start = part * PART;
            var length = (int) Math.min(PART, size - start);
            var to = (int) Math.min(length, offset + count - start);
            slices.add(new Slice((int) part, length, (int) (at - start), to));
            at = start + to;
        }
        return slices;
    }

    static int parts(long size) {
        return (int) ((size + PART - 1) / PART);
    }

    static String key(AccountId account, UUID generation, int part) {
        return ROOT + account + "/" + generation + "/" + part;
    }

    static List<String> keys(AccountId account, UUID generation, int parts) {
        return IntStream.range(0, parts)
                .mapToObj(part -> key(account, generation, part))
                .toList();
    }

    static List<String> keys(AccountId account, Content content) {
        return keys(account, content.generation(), parts(content.size()));
    }
}
