package org.domicile.client.restic;

/**
 * How much of the machine a backup or restore may use. Both settings here stay within 96 MiB of heap, whatever the size of a file:
 * a chunk that is cut has at most {@link Chunker#MAX} bytes, chunks that wait have {@code bufferedBytes} together and as much again while
 * they are sealed, and packs under way have {@link #MAX_PACK} together. The index comes on top: about 200 bytes a blob.
 *
 * @param readers threads that read and cut files
 * @param workers threads that hash, compress and encrypt
 * @param transfers packs under way at once, at most
 * @param packSize bytes at which a pack is closed
 * @param bufferedBytes chunks that may wait for a worker, bytes; at least {@link Chunker#MAX}
 */
public record Tuning(int readers, int workers, int transfers, int packSize, int bufferedBytes) {
    /** No pack is larger, bytes; nor are all that are being sent. */
    public static final int MAX_PACK = 16 << 20;

    /** For a computer. */
    public static Tuning standard() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Tuning(2, Math.max(2, processors), 4, 4 << 20, 12 << 20);
    }

    /** For a phone. */
    public static Tuning phone() {
        return new Tuning(1, 2, 2, 4 << 20, 8 << 20);
    }
}
