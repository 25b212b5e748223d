package org.domicile.backup.webdav;

import java.time.Instant;
import java.util.UUID;

/**
 * Something that a client deleted or replaced and that can be restored: a file, or a collection with all below it.
 *
 * @param bytes of its files
 * @param goneAt when it will be gone for good
 */
public record DavTrashed(
        UUID id, String name, boolean collection, long files, long bytes, Instant deletedAt, Instant goneAt) {}
