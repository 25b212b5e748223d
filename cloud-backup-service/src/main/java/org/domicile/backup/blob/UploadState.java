package org.domicile.backup.blob;

/**
 * <pre>
 *   reserve --> PENDING --commit, discard--> SETTLED --told, swept, or named by its device's DELETE--> gone
 * </pre>
 */
public enum UploadState {
    /** Room is reserved and the object may exist. */
    PENDING,
    /** It is over: a blob of the name is LIVE, or nothing came of it. Its device may not know that yet. */
    SETTLED
}
