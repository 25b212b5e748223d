package org.domicile.backup.metrics;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;

/** Counts, once a minute, what was found damaged and nobody has sent again. */
@ApplicationScoped
public class DamageMetric {
    private static final String DAMAGED =
            "select (select count(*) from blobs where damaged_at is not null and state = 'LIVE') + (select count(*)"
                    + " from webdav_contents where damaged_at is not null and state = 'LIVE') as damaged";

    private final Pool pool;
    private final Look look;
    private final Look.Finding damaged;

    @Inject
    public DamageMetric(Pool pool, Looks looks) {
        this.pool = pool;
        this.look = looks.of("damage", Duration.ofMinutes(1));
        this.damaged = look.finding(
                "domicile.backup.damaged", null, "Blobs that the store gave back wrong and that nobody has sent again");
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return pool.query(DAMAGED)
                .execute()
                .invoke(rows -> found(rows.iterator().next().getLong("damaged")))
                .replaceWithVoid();
    }

    private void found(long blobs) {
        damaged.set(blobs);
        look.succeeded();
    }
}
