package org.domicile.backup.trash;

/**
 * What a restore brought back.
 *
 * @param bytes count against the quota again
 */
public record Restored(long blobs, long bytes) {}
