package org.domicile.platform.fence;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.verify.Verification;

/**
 * What a participant reports on {@code residency.acks}: its fence row, and how far the work of that mode has come.
 *
 * @param mode the fence row's mode
 * @param epoch the fence row's epoch
 * @param done false while the mode's work goes on (SHADOW: still copying); a count or digest is believed only when true
 * @param at when the row reached this mode (the transaction's own clock reading, just before its commit)
 * @param manifest FROZEN: sealed; CLOSED: recomputed here after closing
 * @param progress SHADOW: what was copied so far
 * @param left NONE: what the enumeration after the purge found
 * @param trouble one sentence if the participant cannot go on by itself, else null
 * @param verification SHADOW: what came out when both sides were enumerated; CLOSED: the same, if the digests differ
 * @param awaitsClose FROZEN: true if the shadow was not told of the manifest, so that only a CLOSE command closes it; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record FenceAck(
        AccountId accountId,
        String service,
        String region,
        long epoch,
        FenceMode mode,
        boolean done,
        Instant at,
        Manifest manifest,
        Progress progress,
        Left left,
        String trouble,
        Verification verification,
        Boolean awaitsClose) {
    /** Without a verification, and with a shadow that was told. */
    public FenceAck(
            AccountId accountId,
            String service,
            String region,
            long epoch,
            FenceMode mode,
            boolean done,
            Instant at,
            Manifest manifest,
            Progress progress,
            Left left,
            String trouble) {
        this(accountId, service, region, epoch, mode, done, at, manifest, progress, left, trouble, null, null);
    }

    /** Whether an enumeration of both sides found something that must not be. */
    public boolean contradicted() {
        return verification != null && verification.count() > 0;
    }

    /**
     * @param records records copied
     * @param bytes bytes of objects copied
     * @param behind versions at the source that are not copied yet; 0 = caught up when last asked
     * @param sourceMicros how long the source took to answer with the last batch of records, the way there included; null =
     *     not measured
     * @param targetMicros how long the target took to write them
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Progress(long records, long bytes, long behind, Long sourceMicros, Long targetMicros) {
        public Progress(long records, long bytes, long behind) {
            this(records, bytes, behind, null, null);
        }
    }

    /**
     * What is left after a purge; both 0 unless something went wrong.
     *
     * @param evidence what was looked at by code that the mover does not use
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Left(long rows, long objects, Evidence evidence) {
        public Left(long rows, long objects) {
            this(rows, objects, null);
        }
    }

    /**
     * How a purge was checked.
     *
     * @param tables of the service's database that were looked through, one by one
     * @param places every other store that was asked: a folder of the object store, a topic, the identity provider
     * @param found place or table → what was found there; nothing is named that had nothing
     * @param compactedBy topic → when its last records of the account will have been compacted away
     * @param keysUntil until when a backup of the service's key store may still hold the account's key, with which copies of its
     *     data could be read; null for a service without a key store
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Evidence(
            int tables,
            List<String> places,
            SortedMap<String, Long> found,
            SortedMap<String, Instant> compactedBy,
            Instant keysUntil) {}
}
