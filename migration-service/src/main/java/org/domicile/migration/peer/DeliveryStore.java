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
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.trace.TraceParent;

/** Deliveries that are not acknowledged yet. */
@ApplicationScoped
public class DeliveryStore {
    private static final int BATCH = 64;
    /** How long a replica that took a delivery has before another may take it. */
    private static final Duration LEASE = Duration.ofSeconds(15);
    /** The same of one within the region, while a fence's deadline runs. */
    private static final Duration NEAR_LEASE = Duration.ofSeconds(6);

    private final Pool pool;
    private final Clock clock;
    private final Commits commits;
    private volatile Consumer<Claimed> sender = claimed -> {};
    private volatile Runnable waker = () -> {};

    @Inject
    public DeliveryStore(Pool pool, Clock clock, Commits commits) {
        this.pool = pool;
        this.clock = clock;
        this.commits = commits;
    }

    /**
     * @param newSender is given what is added, once it is committed
     * @param newWaker looks for what is due; called when something was added that waits for another
     */
    void sender(Consumer<Claimed> newSender, Runnable newWaker) {
        sender = newSender;
        waker = newWaker;
    }

    /**
     * @param attempt 1 for the first
     * @param trace the span that it comes of; null = not traced
     */
    public record Claimed(long id, int attempt, String trace, Delivery delivery) {}

    /** Sent as soon as it is committed, without being claimed first, if nothing of its lane is before it. */
    public Uni<Void> add(SqlConnection connection, Delivery delivery) {
        var now = clock.instant();
        var lease = delivery.kind().equals(Delivery.NEAR) ? NEAR_LEASE : LEASE;
        return insert(connection, delivery, now, commits.has(connection) ? now.plus(lease) : now)
                .invoke(added -> commits.after(connection, added.attempt() > 0 ? () -> sender.accept(added) : waker))
                .replaceWithVoid();
    }

    /** Sent only after a while, if it is still there. */
    public Uni<Void> add(SqlConnection connection, Delivery delivery, Duration after) {
        var due = clock.instant().plus(after);
        return insert(connection, delivery, due, due).replaceWithVoid();
    }

    /** Nobody needs what an account's lane still holds. */
    public Uni<Void> drop(SqlConnection connection, AccountId account, String lane) {
        return connection
                .preparedQuery("delete from delivery where account_id = $1 and lane = $2")
                .execute(Tuple.of(account.value(), lane))
                .replaceWithVoid();
    }

    /** @param first when it is due again if it is the first of its lane; later than {@code due}: it counts as claimed */
    private Uni<Claimed> insert(SqlConnection connection, Delivery delivery, Instant due, Instant first) {
        var trace = TraceParent.current();
        return connection
                .preparedQuery(
                        "with behind as (select exists (select from delivery where account_id = $1 and lane = $3) as"
                                + " it) insert into delivery (account_id, region, lane, kind, body, next_at, attempts,"
                                + " trace) select $1, $2, $3, $4, $5, case when it then $6::timestamptz else"
                                + " $7::timestamptz end, case when it or $6::timestamptz = $7::timestamptz then 0 else 1"
                                + " end, $8 from behind returning id, attempts")
                .execute(Tuple.tuple()
                        .addValue(delivery.account().value())
                        .addValue(delivery.region())
                        .addValue(delivery.lane())
                        .addValue(delivery.kind())
                        .addValue(delivery.body())
                        .addValue(at(due))
                        .addValue(at(first))
                        .addValue(trace))
                .map(rows -> rows.iterator().next())
                .map(row -> new Claimed(row.getLong("id"), row.getInteger("attempts"), trace, delivery));
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

    /** @return whether something of the same lane waits for this one */
    public Uni<Boolean> remove(SqlConnection connection, Claimed claimed) {
        return connection
                .preparedQuery("with gone as (delete from delivery where account_id = $1 and id = $2)"
                        + " select exists (select from delivery where account_id = $1 and lane = $3 and id > $2)")
                .execute(Tuple.of(
                        claimed.delivery().account().value(),
                        claimed.id(),
                        claimed.delivery().lane()))
                .map(rows -> rows.iterator().next().getBoolean(0));
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
