package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    private static final Polynomial POLYNOMIAL = new Polynomial(0x3DA3358B4DC173L);

    @Property(tries = 30)
    void chunks_join_to_the_content_and_keep_the_limits(
            @ForAll long seed, @ForAll @IntRange(max = 20_000_000) int length, @ForAll @IntRange(min = 1) int step)
            throws IOException {
        byte[] content = random(seed, length);

        List<byte[]> chunks = chunks(new ShortReads(content, step));

        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        chunks.forEach(joined::writeBytes);
        assertArrayEquals(content, joined.toByteArray());
        for (int i = 0; i < chunks.size(); i++) {
            assertTrue(chunks.get(i).length <= Chunker.MAX);
            assertTrue(i == chunks.size() - 1 || chunks.get(i).length >= Chunker.MIN);
        }
    }

    @Test
    void an_empty_stream_has_no_chunk() throws IOException {
        assertNull(new Chunker(POLYNOMIAL).reset(InputStream.nullInputStream()).next());
    }

    @Test
    void an_inserted_byte_moves_no_border_but_its_own() throws IOException {
        byte[] content = random(7, 30_000_000);
        byte[] changed = new byte[content.length + 1];
        System.arraycopy(content, 0, changed, 0, 15_000_000);
        System.arraycopy(content, 15_000_000, changed, 15_000_001, 15_000_000);

        Set<Id> before = ids(chunks(new ByteArrayInputStream(content)));
        Set<Id> after = ids(chunks(new ByteArrayInputStream(changed)));

        int total = after.size();
        after.removeAll(before);
        assertTrue(after.size() <= 2, after.size() + " of " + total + " chunks are new");
    }

    @Test
    void a_stretch_of_zeros_is_cut_at_the_minimum() throws IOException {
        List<byte[]> chunks = chunks(new ByteArrayInputStream(new byte[3 * Chunker.MIN]));

        assertEquals(3, chunks.size());
    }

    private static List<byte[]> chunks(InputStream input) throws IOException {
        Chunker chunker = new Chunker(POLYNOMIAL).reset(input);
        List<byte[]> chunks = new ArrayList<>();
        for (byte[] chunk = chunker.next(); chunk != null; chunk = chunker.next()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private static Set<Id> ids(List<byte[]> chunks) {
        Set<Id> ids = new HashSet<>();
        chunks.forEach(chunk -> ids.add(Id.hash(chunk)));
        return ids;
    }

    private static byte[] random(long seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** Returns fewer bytes than asked for, as pipes and networks do. */
    private static final class ShortReads extends ByteArrayInputStream {
        private final int step;

        ShortReads(byte[] content, int step) {
            super(content);
            this.step = Math.max(1000, step);
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, step));
        }
    }
}
