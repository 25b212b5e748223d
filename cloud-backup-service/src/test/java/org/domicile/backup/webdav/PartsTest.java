package org.domicile.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.domicile.backup.key.DataKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {
    private static final UUID GENERATION = new UUID(3, 4);

    private final Random random = new Random(5);
    private final DavCipher cipher = new DavCipher(new DataKey(new byte[32]));

    @ParameterizedTest
    @ValueSource(ints = {1, 65_479, 65_480, 65_481, 131_000, 131_001, 1_048_575, 1_048_576, 1_048_577, 9_000_000})
    void any_range_of_a_content_is_read_from_the_segments_that_hold_it(int size) {
        var content = bytes(size);
        var parts = encrypted(content);
        assertEquals(PartLayout.parts(size), parts.size());

        for (int i = 0; i < 60; i++) {
            var from = random.nextInt(size);
            var to = from + 1 + random.nextInt(size - from);
            assertArrayEquals(Arrays.copyOfRange(content, from, to), read(parts, size, from, to - from));
        }
        assertArrayEquals(content, read(parts, size, 0, size));
    }

    @Test
    void a_part_that_is_cut_changed_or_in_another_place_does_not_decrypt() {
        var content = bytes(200_000);
        var part = encrypted(content).getFirst();
        var changed = part.clone();
        changed[100_000] ^= 1;
        var slice = PartLayout.slices(200_000, 0, 200_000).getFirst();
        var moved = new PartLayout.Slice(1, slice.size(), slice.from(), slice.to());
        // as if the content had ended after its second segment
        var cut = PartLayout.slices(131_000, 0, 131_000).getFirst();

        assertThrows(IllegalStateException.class, () -> cipher.decrypter(GENERATION, slice)
                .accept(ByteBuffer.wrap(changed)));
        assertThrows(IllegalStateException.class, () -> cipher.decrypter(GENERATION, moved)
                .accept(ByteBuffer.wrap(part)));
        assertThrows(IllegalStateException.class, () -> cipher.decrypter(GENERATION, cut)
                .accept(ByteBuffer.wrap(part)));
        assertThrows(IllegalStateException.class, () -> cipher.decrypter(new UUID(9, 9), slice)
                .accept(ByteBuffer.wrap(part)));
    }

    private List<byte[]> encrypted(byte[] content) {
        var parts = new ArrayList<byte[]>();
        var rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            var part = cipher.encrypter(GENERATION, parts.size());
            while (rest.hasRemaining() && !part.isFull()) {
                var some = rest.slice(rest.position(), Math.min(rest.remaining(), 1 + random.nextInt(100_000)));
                part.append(some);
                rest.position(rest.position() + some.position());
            }
            parts.add(part.finish());
        }
        return parts;
    }

    private byte[] read(List<byte[]> parts, int size, int offset, int count) {
        var plain = new ByteArrayOutputStream();
        for (var slice : PartLayout.slices(size, offset, count)) {
            var object = parts.get(slice.part());
            var decrypter = cipher.decrypter(GENERATION, slice);
            decrypter.accept(ByteBuffer.wrap(object, 0, PartLayout.HEADER));
            var start = PartLayout.Slice.start(slice.firstSegment());
            for (int at = start; at < slice.end(); ) {
                var length = Math.min(slice.end() - at, 1 + random.nextInt(50_000));
                for (var clear : decrypter.accept(ByteBuffer.wrap(object, at, length))) {
                    plain.write(clear.array(), clear.arrayOffset() + clear.position(), clear.remaining());
                }
                at += length;
            }
        }
        return plain.toByteArray();
    }

    private byte[] bytes(int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
