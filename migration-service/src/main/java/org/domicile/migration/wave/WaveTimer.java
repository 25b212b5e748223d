package org.domicile.migration.wave;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.MigrationConfig;
import org.jboss.logging.Logger;

/** Looks at every live wave again and again, one look at a time in this process; and forgets old ones. */
@ApplicationScoped
public class WaveTimer {
    private static final Logger LOG = Logger.getLogger(WaveTimer.class);
    private static final Duration FORGETTING = Duration.ofHours(1);

    private final Vertx vertx;
    private final Clock clock;
    private final WaveStore waves;
    private final WaveRunner runner;
    private final DirectoryStore directory;
    private final MigrationConfig config;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    public WaveTimer(
            Vertx vertx,
            Clock clock,
            WaveStore waves,
            WaveRunner runner,
            DirectoryStore directory,
            MigrationConfig config) {
        this.vertx = vertx;
        this.clock = clock;
        this.waves = waves;
        this.runner = runner;
        this.directory = directory;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(config.tick().toMillis(), id -> look());
        vertx.setPeriodic(FORGETTING.toMillis(), id -> forget());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void look() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        waves.live()
                .onItem()
                .transformToMulti(all -> Multi.createFrom().iterable(all))
                .onItem()
                .transformToUniAndConcatenate(id -> runner.advance(id)
                        .onFailure()
                        .invoke(f -> LOG.warnf("wave not advanced, will try again wave=%s reason=%s", id, f))
                        .onFailure()
                        .recoverWithUni(() -> Uni.createFrom().voidItem()))
                .collect()
                .last()
                .subscribe()
                .with(ok -> busy.set(false), failure -> {
                    busy.set(false);
                    LOG.warnf("waves not looked at, will try again reason=%s", failure.toString());
                });
    }

    private void forget() {
        var before = clock.instant().minus(config.waveRetention());
        waves.forgetEndedBefore(before)
                .chain(() -> directory.forgetLogBefore(before))
                .subscribe()
                .with(ok -> {}, failure -> LOG.warnf("old waves not forgotten yet reason=%s", failure.toString()));
    }
}
