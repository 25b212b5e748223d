package org.domicile.backup.blob;

/**
 * A part of a list.
 *
 * @param entries elements of a JSON array, without its brackets
 * @param last name of the last one; null if there is none
 * @param more whether there may be another page
 */
public record BlobPage(String entries, String last, boolean more) {}
