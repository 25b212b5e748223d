package org.domicile.backup.blob;

import java.util.UUID;

/**
 * A LIVE blob.
 *
 * @param size bytes
 * @param sha256 lower-case hex, of the content as received
 * @param generation names its object in this region
 */
public record Blob(UUID id, long size, String sha256, UUID generation) {}
