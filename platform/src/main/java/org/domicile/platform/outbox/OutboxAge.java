package org.domicile.platform.outbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/**
 * How long the first event has waited for Kafka ({@code domicile_outbox_oldest_age_seconds}); a look that fails means that the database is
 * away, or that no connection to it is free.
 */
@ApplicationScoped
class OutboxAge {
    private static final Logger LOG = Logger.getLogger(OutboxAge.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Pool pool;
    private final Vertx vertx;
    private final Clock clock;
    private final Look look;
    private final Look.Finding oldest;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    OutboxAge(Pool pool, Vertx vertx, Clock clock, Looks looks) {
        this.pool = pool;
        this.vertx = vertx;
        this.clock = clock;
        this.look = looks.of("database", EVERY);
        this.oldest = look.finding(
                "domicile.outbox.oldest.age", "seconds", "Since the first event that Kafka has not taken happened");
    }

    void start(@Observes StartupEvent event) {
        tick();
        vertx.setPeriodic(EVERY.toMillis(), id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        pool.query("select at from outbox order by id limit 1")
                .execute()
                .onTermination()
                .invoke(() -> busy.set(false))
                .subscribe()
                .with(
                        rows -> found(
                                rows.size() == 0 ? null : rows.iterator().next().get(OffsetDateTime.class, "at")),
                        failure -> LOG.warnf("database not reached, will try again reason=%s", failure.toString()));
    }

    private void found(OffsetDateTime first) {
        var age = first == null ? Duration.ZERO : Duration.between(first.toInstant(), clock.instant());
        oldest.set(Math.max(0, age.toSeconds()));
        look.succeeded();
    }
}
