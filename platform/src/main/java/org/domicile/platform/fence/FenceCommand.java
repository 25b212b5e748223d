package org.domicile.platform.fence;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;

/**
 * An order of a migration-service to one participant, sent as a JWS on {@code residency.commands}. It is executed only if
 * its epoch is above the participant's own; of equal epoch it is acknowledged again; at most one per participant and epoch.
 *
 * @param service the participant addressed
 * @param region the region addressed
 * @param epoch the directory's epoch that ordered it
 * @param issuer the region whose migration-service ordered and signed it
 * @param peer the other region of the move
 * @param shadowEpoch epoch of the SHADOW command of this move: authorises reads at the source and shadow writes at the target
 * @param manifest CLOSE, and KEEP at the end of a soak: what the source sealed
 * @param projections CLOSE only: ledger versions that this participant's projections must have reached
 * @param pace SHADOW and FEED only: how fast the shadow may copy while the account is live; null = as fast as it can
 * @param laws markets whose law holds for the account from this command on, beside its own market's: while it is at two places, those of
 *     both ends; none where one end is purged
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record FenceCommand(
        FenceOperation operation,
        AccountId accountId,
        String service,
        String region,
        long epoch,
        String issuer,
        String peer,
        long shadowEpoch,
        Manifest manifest,
        Map<String, Long> projections,
        Pace pace,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> laws) {

    public FenceCommand {
        laws = laws == null ? List.of() : List.copyOf(laws);
    }

    /** Without a pace or laws. */
    public FenceCommand(
            FenceOperation operation,
            AccountId accountId,
            String service,
            String region,
            long epoch,
            String issuer,
            String peer,
            long shadowEpoch,
            Manifest manifest,
            Map<String, Long> projections) {
        this(
                operation,
                accountId,
                service,
                region,
                epoch,
                issuer,
                peer,
                shadowEpoch,
                manifest,
                projections,
                null,
                List.of());
    }
}
