package org.domicile.client.restic;

/**
 * A blob's place in its pack.
 *
 * @param offset bytes from the start of the pack
 * @param length bytes in the pack, sealed
 * @param uncompressedLength bytes of the plain content when it is compressed, else 0
 */
record PackedBlob(Id id, BlobType type, int offset, int length, int uncompressedLength) {

    boolean compressed() {
        return uncompressedLength != 0;
    }

    /** Bytes of the plain content. */
    int plainLength() {
        return compressed() ? uncompressedLength : length - MasterKey.OVERHEAD;
    }
}
