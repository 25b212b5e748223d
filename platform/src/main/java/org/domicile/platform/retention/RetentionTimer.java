package org.domicile.platform.retention;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Runs the purges of a service, one run at a time in this process. */
@ApplicationScoped
class RetentionTimer {
    private static final Logger LOG = Logger.getLogger(RetentionTimer.class);

    private final RetentionJob job;
    private final RetentionConfig config;
    private final Vertx vertx;
    private final Clock clock;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    RetentionTimer(RetentionJob job, RetentionConfig config, Vertx vertx, Clock clock) {
        this.job = job;
        this.config = config;
        this.vertx = vertx;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(config.every().toMillis(), id -> run());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** On a context of its own, so that what a purge keeps there, such as a database session, is nobody else's. */
    private void run() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        var context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(v -> job.run(clock.instant())
                .onTermination()
                .invoke(() -> busy.set(false))
                .subscribe()
                .with(ok -> {}, f -> LOG.warnf("retention not enforced, will try again reason=%s", f.toString())));
    }
}
