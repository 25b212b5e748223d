package org.domicile.backup.metrics;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Measures, once a minute, the age of the oldest item of every class of data that has an end. */
@ApplicationScoped
public class RetentionMetrics {
    private static final List<String> CLASSES = List.of("upload", "told", "trash", "withdrawn", "purge");
    private static final String OLDEST = """
            select least(min(started_at) filter (where state = 'PENDING'),
                (select min(started_at) from webdav_uploads)) as upload,
              min(started_at) filter (where state = 'SETTLED') as told,
              (select min(trashed_at) from (select account_id, trashed_at from blobs where state = 'TRASHED'
                union all select account_id, trashed_at from webdav_resources where trashed_at is not null) t
                join fence f using (account_id) where f.mode = 'OWN') as trash,
              (select min((features -> 'backup' ->> 'at')::timestamptz) from consent_projection c
                join fence f using (account_id) where f.mode = 'OWN' and features -> 'backup' ->> 'granted' = 'false'
                and exists (select from repositories r where r.account_id = c.account_id)) as withdrawn,
              (select min(started_at) from purges) as purge,
              (select count(*) from blobs where damaged_at is not null and state = 'LIVE')
                + (select count(*) from webdav_contents where damaged_at is not null and state = 'LIVE') as damaged
            from uploads
            """;

    private final Pool pool;
    private final BackupMetrics metrics;
    private final Clock clock;
    private final Map<String, AtomicLong> gauges;

    @Inject
    public RetentionMetrics(Pool pool, BackupMetrics metrics, Clock clock) {
        this.pool = pool;
        this.metrics = metrics;
        this.clock = clock;
        this.gauges = CLASSES.stream().collect(Collectors.toMap(Function.identity(), metrics::oldest));
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return measure();
    }

    public Uni<Void> measure() {
        return pool.query(OLDEST)
                .execute()
                .map(rows -> rows.iterator().next())
                .invoke(row -> gauges.forEach((name, gauge) -> gauge.set(age(row, name))))
                .invoke(row -> metrics.damaged(row.getLong("damaged")))
                .replaceWithVoid();
    }

    /** Seconds; 0 if there is none. */
    private long age(Row row, String name) {
        var oldest = row.get(OffsetDateTime.class, name);
        return oldest == null
                ? 0
                : Duration.between(oldest.toInstant(), clock.instant()).toSeconds();
    }
}
