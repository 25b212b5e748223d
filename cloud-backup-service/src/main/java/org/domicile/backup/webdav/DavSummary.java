package org.domicile.backup.webdav;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * What an owner is told of what WebDAV clients stored.
 *
 * @param files that are live
 * @param bytes stored and counted against the quota
 * @param lastStored when the newest content was stored; absent before the first
 * @param verifiedFiles contents that were read again and found right
 * @param lastVerified when one of them was last; absent before
 * @param damagedFiles contents that were found wrong: put them again
 * @param trashBytes deleted or replaced by a client, and not gone yet
 * @param nextPurge when the first of what is in the trash will be gone for good
 * @param notice who can read it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record DavSummary(
        long files,
        long bytes,
        Instant lastStored,
        long verifiedFiles,
        Instant lastVerified,
        long damagedFiles,
        long trashBytes,
        Instant nextPurge,
        String notice) {}
