package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.law.MoveLaws;
import org.jboss.logging.Logger;

/**
 * Carries out what the erasure list says: an account whose fence row is below the entry's epoch is purged, as by a PURGE command of
 * that epoch; once it is erased everywhere, the row that remembers its id goes too. Every look starts from the database and may be
 * repeated.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class ErasureExecutor {
    private static final Logger LOG = Logger.getLogger(ErasureExecutor.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Pool pool;
    private final Vertx vertx;
    private final ErasureStore erasures;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MoveLaws laws;
    private final TaskRunner runner;
    private final ErasureConfig config;
    private final Clock clock;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    ErasureExecutor(
            Pool pool,
            Vertx vertx,
            ErasureStore erasures,
            FenceStore fences,
            TransferStore transfers,
            MoveLaws laws,
            TaskRunner runner,
            ErasureConfig config,
            Clock clock) {
        this.pool = pool;
        this.vertx = vertx;
        this.erasures = erasures;
        this.fences = fences;
        this.transfers = transfers;
        this.laws = laws;
        this.runner = runner;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(LOOK_MILLIS, id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** One look at a time: those that wait for the row of one account must not take every connection. */
    void tick() {
        if (stopped || !looking.compareAndSet(false, true)) {
            return;
        }
        look().onTermination()
                .invoke(() -> looking.set(false))
                .subscribe()
                .with(ok -> {}, f -> LOG.warnf("no look for erasures reason=%s", f.toString()));
    }

    /** Takes every open entry as far as it goes now. */
    Uni<Void> look() {
        return erasures.open()
                .onItem()
                .transformToMulti(open -> Multi.createFrom().iterable(open))
                .onItem()
                .transformToUniAndConcatenate(open -> act(open).replaceWith(open))
                .collect()
                .last()
                .flatMap(last -> erasures.expire(clock.instant(), config.remembered()));
    }

    private Uni<Void> act(ErasureStore.Open open) {
        if (open.account().isPresent() && open.fenceEpoch() < open.entry().epoch()) {
            return purge(open.account().get(), open.entry().epoch());
        }
        var empty = open.account().isEmpty() || open.mode() == FenceMode.NONE && !open.busy();
        return open.entry().state() == State.ERASED && empty
                ? pool.withTransaction(c -> erasures.forget(c, open))
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> purge(AccountId account, long epoch) {
        return pool.withTransaction(c -> fences.lock(c, account)
                        .flatMap(row -> row.epoch() < epoch
                                ? fences.reset(c, account, FenceMode.NONE, epoch, 0)
                                        .flatMap(r -> laws.end(c, account))
                                        .flatMap(v -> transfers.task(c, account, Transfer.Task.PURGE))
                                : Uni.createFrom().voidItem()))
                .invoke(() -> {
                    LOG.infof("erasing account=%s epoch=%d", account, epoch);
                    runner.kick(account);
                });
    }
}
