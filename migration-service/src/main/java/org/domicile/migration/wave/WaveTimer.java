package org.domicile.migration.wave;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.migration.move.MigrationConfig;
import org.jboss.logging.Logger;

/** Looks at every live wave again and again, one look at a time in this process. */
@ApplicationScoped
public class WaveTimer {
    private static final Logger LOG = Logger.getLogger(WaveTimer.class);

    private final Vertx vertx;
    private final WaveStore waves;
    private final WaveRunner runner;
    private final MigrationConfig config;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    public WaveTimer(Vertx vertx, WaveStore waves, WaveRunner runner, MigrationConfig config) {
        this.vertx = vertx;
        this.waves = waves;
        this.runner = runner;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(config.tick().toMillis(), id -> look());
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
}
