package org.domicile.backup.turn;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/**
 * Work that one of the region's instances does at a time. The turn is a row that its holder renews; one that was killed loses it after
 * {@link #LEASE}, and the next goes on where it was.
 */
@ApplicationScoped
public class Turns {
    static final Duration LEASE = Duration.ofMinutes(3);
    private static final Duration RENEWAL = Duration.ofMinutes(1);
    private static final Logger LOG = Logger.getLogger(Turns.class);

    private final TurnStore store;
    private final Clock clock;

    @Inject
    public Turns(TurnStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** A turn while it is held. */
    public final class Turn {
        private final String work;
        private final UUID holder;
        private final Optional<String> begin;

        private Turn(String work, UUID holder, Optional<String> begin) {
            this.work = work;
            this.holder = holder;
            this.begin = begin;
        }

        /** Behind which to go on; empty to begin at the beginning. */
        public Optional<String> begin() {
            return begin;
        }

        /** All up to the cursor is done. Fails if another has the turn now. */
        public Uni<Void> reached(String cursor) {
            return store.reach(work, holder, cursor).invoke(this::require).replaceWithVoid();
        }

        private void require(boolean held) {
            if (!held) {
                throw new ProblemException(ErrorCode.UNAVAILABLE, "Another instance does it now.");
            }
        }
    }

    /** Does the work unless another instance does. */
    public <T> Uni<Optional<T>> take(String work, Supplier<Uni<T>> action) {
        return take(work, Duration.ZERO, turn -> action.get());
    }

    /**
     * Does the work unless another instance does, or its last turn began within the interval and came to its end.
     *
     * @return empty if it was not done; fails as the work does: then it is left where it was
     */
    public <T> Uni<Optional<T>> take(String work, Duration interval, Function<Turn, Uni<T>> action) {
        var now = clock.instant();
        var holder = UUID.randomUUID();
        return store.take(work, holder, now, now.plus(LEASE), now.minus(interval))
                .flatMap(taken -> taken.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : held(
                                        new Turn(
                                                work,
                                                holder,
                                                Optional.ofNullable(taken.get().cursor())),
                                        action)
                                .map(Optional::of));
    }

    private <T> Uni<T> held(Turn turn, Function<Turn, Uni<T>> action) {
        return Uni.createFrom().deferred(() -> {
            var renewal = renew(turn);
            return action.apply(turn)
                    .call(() -> store.end(turn.work, turn.holder, clock.instant()))
                    .onFailure()
                    .call(() -> store.leave(turn.work, turn.holder, clock.instant())
                            .onFailure()
                            .recoverWithNull())
                    .onTermination()
                    .invoke(renewal::cancel);
        });
    }

    private Cancellable renew(Turn turn) {
        return Multi.createFrom()
                .ticks()
                .startingAfter(RENEWAL)
                .every(RENEWAL)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> store.hold(
                                turn.work, turn.holder, clock.instant().plus(LEASE))
                        .onFailure()
                        .recoverWithItem(true))
                .subscribe()
                .with(held -> {}, failure -> LOG.warnf("turn not renewed kind=%s reason=%s", turn.work, failure));
    }
}
