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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.migration.peer.Deliveries;
import org.domicile.platform.account.AccountId;
import org.jboss.logging.Logger;

/** Duties that no ack brings about: deadlines, resends, and at start every move that is not settled. */
@ApplicationScoped
public class MoveTimers {
    private static final Logger LOG = Logger.getLogger(MoveTimers.class);

    private final Vertx vertx;
    private final Clock clock;
    private final MoveStore moves;
    private final MoveCoordinator coordinator;
    private final Deliveries deliveries;
    private final long tickMillis;
    private final AtomicBoolean busy = new AtomicBoolean();
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
    }

    void start(@Observes StartupEvent event) {
        advance(moves.unsettledAccounts());
        vertx.setPeriodic(tickMillis, id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick() {
        if (!stopped) {
            deliveries.wake();
            advance(moves.due(clock.instant()));
        }
    }

    private void advance(Uni<List<AccountId>> accounts) {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        accounts.onItem()
                .transformToMulti(all -> Multi.createFrom().iterable(all))
                .onItem()
                .transformToUniAndConcatenate(account -> coordinator
                        .advance(account)
                        .onFailure()
                        .invoke(f -> LOG.warnf("move not advanced, will try again account=%s reason=%s", account, f))
                        .onFailure()
                        .recoverWithNull())
                .collect()
                .last()
                .subscribe()
                .with(ok -> busy.set(false), failure -> {
                    busy.set(false);
                    LOG.warnf("deadlines not looked at, will try again reason=%s", failure.toString());
                });
    }
}
