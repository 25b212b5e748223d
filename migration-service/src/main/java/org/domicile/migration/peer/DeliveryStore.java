package org.domicile.migration.peer;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.trace.TraceParent;

/** Deliveries that are not acknowledged yet. */
@ApplicationScoped
public class DeliveryStore {
    private static final int BATCH = 64;
    /** How long a replica that took a delivery has before another may take it. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final Pool pool;
    private final Clock clock;

    @Inject
    public DeliveryStore(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /**
     * @param attempt 1 for the first
     * @param trace the span that it comes of; null = not traced
     */
    public record Claimed(long id, int attempt, String trace, Delivery delivery) {}

    public Uni<Void> add(SqlConnection connection, Delivery delivery) {
        return connection
                .preparedQuery("insert into delivery (account_id, region, lane, kind, body, next_at, trace)"
                        + " values ($1, $2, $3, $4, $5, $6, $7)")
                .execute(Tuple.tuple()
                        .addValue(delivery.account().value())
                        .addValue(delivery.region())
                        .addValue(delivery.lane())
                        .addValue(delivery.kind())
                        .addValue(delivery.body())
                        .addValue(at(clock.instant()))
                        .addValue(TraceParent.current()))
                .replaceWithVoid();
    }

    /** Takes what is due, at most one delivery per account and lane: the oldest. */
    public Uni<List<Claimed>> claim() {
        var now = clock.instant();
        return pool.preparedQuery("update delivery set next_at = $2, attempts = attempts + 1"
                        + " where (account_id, id) in (select d.account_id, d.id from delivery d where d.next_at <= $1"
                        + " and not exists (select 1 from delivery e where e.account_id = d.account_id"
                        + " and e.lane = d.lane and e.id < d.id)"
                        + " order by d.id limit $3 for update skip locked) returning *")
                .execute(Tuple.of(at(now), at(now.plus(LEASE)), BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(DeliveryStore::claimed)
                        .toList());
    }

    public Uni<Void> remove(SqlConnection connection, Claimed claimed) {
        return connection
                .preparedQuery("delete from delivery where account_id = $1 and id = $2")
                .execute(Tuple.of(claimed.delivery().account().value(), claimed.id()))
                .replaceWithVoid();
    }

    public Uni<Void> retryAfter(Claimed claimed, Duration pause) {
        return pool.preparedQuery("update delivery set next_at = $3 where account_id = $1 and id = $2")
                .execute(Tuple.of(
                        claimed.delivery().account().value(),
                        claimed.id(),
                        at(clock.instant().plus(pause))))
                .replaceWithVoid();
    }

    private static Claimed claimed(Row row) {
        return new Claimed(
                row.getLong("id"),
                row.getInteger("attempts"),
                row.getString("trace"),
                new Delivery(
                        new AccountId(row.getUUID("account_id")),
                        row.getString("region"),
                        row.getString("lane"),
                        row.getString("kind"),
                        row.getString("body")));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
