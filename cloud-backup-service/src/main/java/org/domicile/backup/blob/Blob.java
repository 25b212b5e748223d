package org.domicile.backup.blob;

import java.util.UUID;

/**
 * A LIVE blob.
 *
 * @param size bytes
 * @param sha256 lower-case hex, of the content as received
 * @param generation names its object in this region
 * @param damaged whether its object was found to be wrong: the same content may then be stored again in its place
 */
public record Blob(UUID id, long size, String sha256, UUID generation, boolean damaged) {}
