package org.domicile.client.restic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Collects sealed blobs of one type until they make a pack. Not safe for threads. */
final class PackBuilder {

    /** A finished pack: its name is the SHA-256 of its content. */
    record Pack(Id id, List<PackedBlob> blobs, List<byte[]> content, long size) {}

    private final BlobType type;
    private final List<PackedBlob> blobs = new ArrayList<>();
    private final List<byte[]> content = new ArrayList<>();
    private int size;

    PackBuilder(BlobType type) {
        this.type = type;
    }

    void add(Id id, byte[] sealed, int uncompressedLength) {
        blobs.add(new PackedBlob(id, type, size, sealed.length, uncompressedLength));
        content.add(sealed);
        size += sealed.length;
    }

    /** Bytes so far, without the header. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return blobs.isEmpty();
    }

    Pack finish(MasterKey key) {
        byte[] header = key.seal(PackHeader.encode(blobs));
        content.add(header);
        content.add(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(header.length)
                .array());
        return new Pack(Id.hash(content), List.copyOf(blobs), content, (long) size + header.length + 4);
    }
}
