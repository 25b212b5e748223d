package org.domicile.client.restic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The list of blobs at the end of a pack, in plain form (restic design, "Pack Format"); lengths are little-endian. */
final class PackHeader {
    private static final int COMPRESSED = 2;
    private static final int ENTRY = 1 + 4 + Id.LENGTH;

    private PackHeader() {}

    static byte[] encode(List<PackedBlob> blobs) {
        ByteBuffer buffer = ByteBuffer.allocate(blobs.size() * (ENTRY + 4)).order(ByteOrder.LITTLE_ENDIAN);
        for (PackedBlob blob : blobs) {
            buffer.put((byte) (blob.type().code() | (blob.compressed() ? COMPRESSED : 0)));
            buffer.putInt(blob.length());
            if (blob.compressed()) {
                buffer.putInt(blob.uncompressedLength());
            }
            buffer.put(blob.id().bytes());
        }
        byte[] encoded = new byte[buffer.position()];
        buffer.flip().get(encoded);
        return encoded;
    }

    /** @throws RepositoryException for a header that is cut short or has an unknown type */
    static List<PackedBlob> decode(byte[] header) throws RepositoryException {
        ByteBuffer buffer = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        List<PackedBlob> blobs = new ArrayList<>();
        int offset = 0;
        while (buffer.hasRemaining()) {
            int code = buffer.get();
            boolean compressed = (code & COMPRESSED) != 0;
            if (code < 0 || code > 3 || buffer.remaining() < ENTRY - 1 + (compressed ? 4 : 0)) {
                throw new RepositoryException("A pack's header is damaged");
            }
            int length = buffer.getInt();
            int uncompressed = compressed ? buffer.getInt() : 0;
            if (length < MasterKey.OVERHEAD || uncompressed < 0 || offset + length < 0) {
                throw new RepositoryException("A pack's header has an impossible length");
            }
            byte[] id = new byte[Id.LENGTH];
            buffer.get(id);
            BlobType type = (code & 1) == 0 ? BlobType.DATA : BlobType.TREE;
            blobs.add(new PackedBlob(Id.of(id, 0), type, offset, length, uncompressed));
            offset += length;
        }
        return blobs;
    }
}
