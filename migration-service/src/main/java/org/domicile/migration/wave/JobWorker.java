package org.domicile.migration.wave;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Ends this process when it was started for the orders that wait, and nothing is left to do. What is under way is in the database. */
@ApplicationScoped
public class JobWorker {
    private static final Logger LOG = Logger.getLogger(JobWorker.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Vertx vertx;
    private final Clock clock;
    private final WaveStore waves;
    private final JobsConfig config;

    @Inject
    public JobWorker(Vertx vertx, Clock clock, WaveStore waves, JobsConfig config) {
        this.vertx = vertx;
        this.clock = clock;
        this.waves = waves;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        config.untilIdle().ifPresent(limit -> {
            var idleness = new Idleness(limit, clock.instant());
            vertx.setPeriodic(LOOK_MILLIS, id -> look(idleness));
        });
    }

    private void look(Idleness idleness) {
        waves.underWay()
                .subscribe()
                .with(
                        busy -> {
                            if (idleness.isOver(busy, clock.instant())) {
                                LOG.info("no orders left, ending");
                                Quarkus.asyncExit();
                            }
                        },
                        failure -> LOG.warnf("waves not looked at, will try again reason=%s", failure.toString()));
    }
}
