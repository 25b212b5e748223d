package org.domicile.backup.repository;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * What an owner is told of one repository.
 *
 * @param deviceId of the device that made it; absent if that was not kept
 * @param bytes stored and counted against the quota
 * @param lastBackup when its newest snapshot was stored; absent before the first
 * @param blobs stored; {@code verifiedBlobs} of them were read again by the service, whole, and found right
 * @param lastVerified when one was last read again; absent before the first
 * @param damagedBlobs whose stored content is wrong: back up again, with the files still at hand, to repair them
 * @param trashBytes deleted by a client and still restorable
 * @param nextPurge when the first of what is in the trash will be gone for good
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record RepositorySummary(
        String name,
        String deviceId,
        Instant createdAt,
        long snapshots,
        long bytes,
        Instant lastBackup,
        long blobs,
        long verifiedBlobs,
        Instant lastVerified,
        long damagedBlobs,
        long trashBytes,
        Instant nextPurge) {}
