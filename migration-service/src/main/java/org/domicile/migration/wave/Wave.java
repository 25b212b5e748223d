package org.domicile.migration.wave;

import java.time.Instant;
import java.util.UUID;

/**
 * A wave as its row says.
 *
 * @param reason one sentence for HALTED and ROLLBACK_HALTED, else null
 * @param selectedTo the last account that was looked at; null before the first and after the last
 * @param selected all accounts are written down
 * @param failures moves, or rollbacks, that failed since it last began to run
 * @param concurrency moves at a time that the latency at both ends and the write pause allow now
 */
public record Wave(
        UUID id,
        WaveSpec spec,
        WaveState state,
        String reason,
        String requestedBy,
        Instant createdAt,
        Instant endedAt,
        UUID selectedTo,
        boolean selected,
        int failures,
        int concurrency,
        Instant adjustedAt) {

    /** A wave begins with few moves at a time, as it knows nothing yet of what both ends bear. */
    static final int FIRST_CONCURRENCY = 4;

    static Wave ordered(UUID id, WaveSpec spec, String requestedBy, Instant now) {
        return new Wave(
                id,
                spec,
                WaveState.SELECTING,
                null,
                requestedBy,
                now,
                null,
                null,
                false,
                0,
                Math.min(FIRST_CONCURRENCY, spec.concurrency()),
                now);
    }

    /** @throws IllegalStateException if the state may not follow this one */
    Wave to(WaveState next, String why, Instant now) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("a wave cannot go from " + state + " to " + next);
        }
        var running = next == WaveState.RUNNING || next == WaveState.ROLLING_BACK;
        return new Wave(
                id,
                spec,
                next,
                why,
                requestedBy,
                createdAt,
                next.ended() ? now : null,
                selectedTo,
                selected,
                running ? 0 : failures,
                concurrency,
                adjustedAt);
    }

    Wave selectedUpTo(UUID last) {
        return new Wave(
                id,
                spec,
                state,
                reason,
                requestedBy,
                createdAt,
                endedAt,
                last,
                last == null,
                failures,
                concurrency,
                adjustedAt);
    }

    Wave failed(int more) {
        return new Wave(
                id,
                spec,
                state,
                reason,
                requestedBy,
                createdAt,
                endedAt,
                selectedTo,
                selected,
                failures + more,
                concurrency,
                adjustedAt);
    }

    Wave allowing(int moves, Instant now) {
        return new Wave(
                id, spec, state, reason, requestedBy, createdAt, endedAt, selectedTo, selected, failures, moves, now);
    }
}
