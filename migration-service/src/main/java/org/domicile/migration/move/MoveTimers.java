package org.domicile.migration.move;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.domicile.migration.move.MoveStore.Due;
import org.domicile.migration.peer.Deliveries;
import org.domicile.platform.account.AccountId;
import org.jboss.logging.Logger;

/**
 * Duties that no ack brings about: deadlines, resends, and after a start, and from time to time, every move that waits for more
 * than time, whose unanswered orders are given again. Each kind is
 * looked through a page at a time and apart from the others: a fence past its deadline waits for nobody's soak, and a move that
 * cannot go on keeps none behind it waiting.
 */
@ApplicationScoped
public class MoveTimers {
    private static final Logger LOG = Logger.getLogger(MoveTimers.class);
    private static final int PAGE = 100;
    private static final int AT_ONCE = 4;
    private static final AccountId FIRST = new AccountId(new UUID(0, 0));
    private static final Due EARLIEST = new Due(Instant.EPOCH, FIRST);

    private final Vertx vertx;
    private final Clock clock;
    private final MoveStore moves;
    private final MoveCoordinator coordinator;
    private final Deliveries deliveries;
    private final long tickMillis;
    private final long roundMillis;
    private final AtomicBoolean lookingAtFences = new AtomicBoolean();
    private final AtomicBoolean lookingAtDeadlines = new AtomicBoolean();
    private final AtomicBoolean lookingAtWaiting = new AtomicBoolean();
    private volatile Due lastDue = EARLIEST;
    /** null = all have been looked at in this round */
    private volatile AccountId lastWaiting = FIRST;

    private volatile boolean stopped;

    @Inject
    public MoveTimers(
            Vertx vertx,
            Clock clock,
            MoveStore moves,
            MoveCoordinator coordinator,
            Deliveries deliveries,
            MigrationConfig config) {
        this.vertx = vertx;
        this.clock = clock;
        this.moves = moves;
        this.coordinator = coordinator;
        this.deliveries = deliveries;
        this.tickMillis = config.tick().toMillis();
        this.roundMillis = config.repeatAfter().toMillis();
    }

    void start(@Observes StartupEvent event) {
        tick();
        vertx.setPeriodic(tickMillis, id -> tick());
        vertx.setPeriodic(roundMillis, id -> nextRound());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick() {
        if (stopped) {
            return;
        }
        deliveries.wake();
        alone(lookingAtFences, () -> moves.overdueFences(clock.instant(), PAGE).flatMap(this::advance));
        alone(lookingAtDeadlines, this::deadlines);
        if (lastWaiting != null) {
            alone(lookingAtWaiting, this::waiting);
        }
    }

    private Uni<Void> deadlines() {
        return moves.due(clock.instant(), lastDue, PAGE)
                .flatMap(page -> advance(page.stream().map(Due::account).toList())
                        .invoke(() -> lastDue = page.size() < PAGE ? EARLIEST : page.getLast()));
    }

    private Uni<Void> waiting() {
        return moves.waiting(lastWaiting, PAGE).flatMap(page -> each(page, coordinator::goOn)
                .invoke(() -> lastWaiting = page.size() < PAGE ? null : page.getLast()));
    }

    private void nextRound() {
        if (lastWaiting == null) {
            lastWaiting = FIRST;
        }
    }

    /** Never the same kind twice at a time. */
    private void alone(AtomicBoolean busy, Supplier<Uni<Void>> look) {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        look.get().subscribe().with(done -> busy.set(false), failure -> {
            busy.set(false);
            LOG.warnf("deadlines not looked at, will try again reason=%s", failure.toString());
        });
    }

    private Uni<Void> advance(List<AccountId> accounts) {
        return each(accounts, coordinator::advance);
    }

    private static Uni<Void> each(List<AccountId> accounts, Function<AccountId, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUni(account -> step.apply(account)
                        .onFailure()
                        .invoke(f -> LOG.warnf("move not advanced, will try again account=%s reason=%s", account, f))
                        .onFailure()
                        .recoverWithNull())
                .merge(AT_ONCE)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
