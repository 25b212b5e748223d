package org.domicile.backup.metrics;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts, once a minute, what was found damaged and nobody has sent again. */
@ApplicationScoped
public class DamageMetric {
    private static final String DAMAGED =
            "select (select count(*) from blobs where damaged_at is not null and state = 'LIVE') + (select count(*)"
                    + " from webdav_contents where damaged_at is not null and state = 'LIVE') as damaged";

    private final Pool pool;
    private final BackupMetrics metrics;

    @Inject
    public DamageMetric(Pool pool, BackupMetrics metrics) {
        this.pool = pool;
        this.metrics = metrics;
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return pool.query(DAMAGED)
                .execute()
                .invoke(rows -> metrics.damaged(rows.iterator().next().getLong("damaged")))
                .replaceWithVoid();
    }
}
