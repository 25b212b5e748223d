package org.domicile.backup.trash;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/**
 * Something that a client deleted and that can be restored.
 *
 * @param type kind of file in a restic repository
 * @param name SHA-256 of its content
 * @param size bytes
 * @param purgeAt when it will be gone for good
 */
@RegisterForReflection
public record TrashedBlob(UUID id, String type, String name, long size, Instant trashedAt, Instant purgeAt) {}
