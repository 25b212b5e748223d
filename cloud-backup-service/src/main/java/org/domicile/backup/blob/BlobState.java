package org.domicile.backup.blob;

/**
 * A blob's life. PENDING is a row of {@code uploads}, the others are rows of {@code blobs}.
 *
 * <pre>
 *   reserve --> PENDING --commit--> LIVE --delete--> TRASHED --purge--> gone
 *                  |                  ^--restore--------|
 *                  +--discard (refused, cut off, swept)--> gone      LIVE lock --delete--> gone
 * </pre>
 *
 * An object exists only while a row names it, or is deleted by {@link OrphanSweep}.
 */
public enum BlobState {
    PENDING,
    LIVE,
    TRASHED
}
