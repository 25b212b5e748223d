package org.domicile.backup.repository;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * What an owner is told of one repository.
 *
 * @param bytes stored and counted against the quota
 * @param lastBackup when its newest snapshot was stored; absent before the first
 * @param trashBytes deleted by a client and still restorable
 * @param nextPurge when the first of what is in the trash will be gone for good
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepositorySummary(
        String name,
        Instant createdAt,
        long snapshots,
        long bytes,
        Instant lastBackup,
        long trashBytes,
        Instant nextPurge) {}
