package org.domicile.account.erasure;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.domicile.account.law.MarketLaw;

/**
 * An owner's wish to be erased.
 *
 * @param id unguessable: whoever has it may ask how far the erasure is, after the account is gone too
 * @param effectiveAt end of the grace
 * @param deadline when the market's law wants it done
 */
public record Erasure(UUID id, ErasureState state, Instant requestedAt, Instant effectiveAt, Instant deadline) {
    /** Already ordered where the law gives no grace. */
    static Erasure requested(UUID id, MarketLaw law, Instant now) {
        var effective = now.plus(law.erasureGrace());
        return new Erasure(
                id,
                law.erasureGrace().isZero() ? ErasureState.ORDERED : ErasureState.SCHEDULED,
                now,
                effective,
                now.plus(law.erasureDeadline()));
    }

    /** What holds once the owner has asked: the one that is under way, or a new one. */
    static Erasure asked(Optional<Erasure> known, MarketLaw law, Instant now) {
        return known.filter(Erasure::isOpen).orElseGet(() -> requested(UUID.randomUUID(), law, now));
    }

    /** Empty if it is too late, or was done before. */
    Optional<Erasure> takenBack() {
        return state == ErasureState.SCHEDULED ? Optional.of(to(ErasureState.CANCELLED)) : Optional.empty();
    }

    /** What is to be ordered at that time, or ordered again; empty within the grace, and for one that was taken back. */
    Optional<Erasure> due(Instant now) {
        return switch (state) {
            case SCHEDULED -> now.isBefore(effectiveAt) ? Optional.empty() : Optional.of(to(ErasureState.ORDERED));
            case ORDERED -> Optional.of(this);
            case CANCELLED -> Optional.empty();
        };
    }

    /** @throws IllegalStateException if the state may not follow this one */
    Erasure to(ErasureState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("an erasure cannot go from " + state + " to " + next);
        }
        return new Erasure(id, next, requestedAt, effectiveAt, deadline);
    }

    boolean isOpen() {
        return state != ErasureState.CANCELLED;
    }
}
