package org.domicile.backup.blob;

/**
 * A blob's life; {@link BlobTransition} is all that may happen to it. PENDING is a row of {@code uploads}, LIVE and TRASHED are rows
 * of {@code blobs}, GONE is no row.
 *
 * <pre>
 *   reserve --> PENDING --commit--> LIVE --delete--> TRASHED --purge--> GONE
 *                  |                 |  ^--restore------|
 *                  |                 +--remove (a lock, a damaged one that is sent again, a withdrawn consent)--> GONE
 *                  +--discard (refused, cut off, swept)--> GONE
 * </pre>
 *
 * An object exists only while a row names it, or is deleted by {@link OrphanSweep}.
 */
public enum BlobState {
    PENDING,
    LIVE,
    TRASHED,
    GONE
}
