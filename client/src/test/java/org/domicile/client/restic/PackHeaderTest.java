package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PackHeaderTest {

    @Property(tries = 200)
    void a_header_survives_encoding(@ForAll("blobs") List<PackedBlob> blobs) throws Exception {
        assertEquals(blobs, PackHeader.decode(PackHeader.encode(blobs)));
    }

    @Property(tries = 200)
    void any_other_bytes_are_read_or_refused(@ForAll byte[] bytes) {
        try {
            PackHeader.decode(bytes);
        } catch (RepositoryException expected) {
            assertEquals("A pack's header", expected.getMessage().substring(0, 15));
        }
    }

    @Test
    void an_unknown_type_is_refused() {
        byte[] header = PackHeader.encode(List.of(new PackedBlob(new Id(1, 2, 3, 4), BlobType.DATA, 0, 40, 0)));
        header[0] = 4;

        assertThrows(RepositoryException.class, () -> PackHeader.decode(header));
    }

    @Provide
    Arbitrary<List<PackedBlob>> blobs() {
        Arbitrary<PackedBlob> blob = Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.of(BlobType.values()),
                        Arbitraries.integers().between(MasterKey.OVERHEAD, 10_000_000),
                        Arbitraries.integers().between(0, 10_000_000))
                .as((id, type, length, plain) -> new PackedBlob(new Id(id, id, id, id), type, 0, length, plain));
        return blob.list().ofMaxSize(50).map(PackHeaderTest::withOffsets);
    }

    private static List<PackedBlob> withOffsets(List<PackedBlob> blobs) {
        List<PackedBlob> placed = new ArrayList<>();
        int offset = 0;
        for (PackedBlob blob : blobs) {
            placed.add(new PackedBlob(blob.id(), blob.type(), offset, blob.length(), blob.uncompressedLength()));
            offset += blob.length();
        }
        return placed;
    }
}
