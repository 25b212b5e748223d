package org.domicile.migration.wave;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * A wave as its operator sees it.
 *
 * @param concurrency moves at a time that the latency at both ends and the write pause allow now
 * @param failures since it last began to run; above the error budget it halts
 * @param accounts in each state
 * @param services progress of each participant at the target, over all accounts of the wave
 * @param accountsPerSecond over the last minute
 * @param eta when it would be done at that rate; absent while there is none
 * @param stuck accounts that do not go on by themselves, with the reason; at most 100, the longest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaveView(
        UUID id,
        String name,
        WaveState state,
        String reason,
        String requestedBy,
        Instant createdAt,
        Instant endedAt,
        WaveSpec spec,
        int concurrency,
        int failures,
        Map<MemberState, Long> accounts,
        double accountsPerSecond,
        Instant eta,
        List<Service> services,
        List<Stuck> stuck,
        List<WaveStep> steps) {

    /**
     * @param records copied, bytes of objects copied
     * @param behind versions at the source that are not copied yet, of the moves under way
     * @param copying accounts that are not caught up
     */
    public record Service(String service, long records, long bytes, long behind, long copying) {}

    /** @param moveState of the move, if one has begun */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stuck(
            AccountId accountId, UUID moveId, MemberState state, String moveState, Instant since, String reason) {}

    /** One account of the wave. @param attempts how often its move was begun */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(
            AccountId accountId,
            MemberState state,
            UUID moveId,
            int attempts,
            String reason,
            Instant startedAt,
            Instant endedAt) {}
}
