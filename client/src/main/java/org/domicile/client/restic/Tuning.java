package org.domicile.client.restic;

/**
 * How much of the machine a backup or restore may use. Memory is about {@code (uploads + 2) * packSize + bufferedBytes}.
 *
 * @param readers threads that read and cut files
 * @param workers threads that hash, compress and encrypt
 * @param transfers packs under way at once
 * @param packSize bytes at which a pack is closed
 * @param bufferedBytes chunks that may wait for a worker, bytes; at least {@link Chunker#MAX}
 */
public record Tuning(int readers, int workers, int transfers, int packSize, int bufferedBytes) {

    /** For a computer. */
    public static Tuning standard() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Tuning(2, Math.max(2, processors), 4, 16 << 20, 64 << 20);
    }

    /** For a phone: smaller packs, so that a lost connection loses little. */
    public static Tuning phone() {
        return new Tuning(1, 2, 2, 4 << 20, 16 << 20);
    }
}
