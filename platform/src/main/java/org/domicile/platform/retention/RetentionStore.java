package org.domicile.platform.retention;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.platform.retention.RetentionClass.Term;

/** The SQL that every class of data has in common. */
@ApplicationScoped
public class RetentionStore {
    private static final int BATCH = 1_000;
    private static final int LISTED = 1_000;

    private final Pool pool;

    @Inject
    public RetentionStore(Pool pool) {
        this.pool = pool;
    }

    /** @param since null if there is no item, as is {@code due} */
    record Oldest(Instant since, Instant due) {}

    /** The purge of a plain table without a life of its own in moves: deletes what is due, batch by batch. */
    public Uni<Long> delete(String table, String due, Instant now) {
        return pool.preparedQuery("delete from " + table + " where ctid = any(array(select ctid from " + table
                        + " where " + due + " <= $1 limit " + BATCH + "))")
                .execute(Tuple.of(at(now)))
                .flatMap(r -> r.rowCount() < BATCH
                        ? Uni.createFrom().item((long) r.rowCount())
                        : delete(table, due, now).map(more -> more + BATCH));
    }

    Uni<Oldest> oldest(RetentionClass of, Term term) {
        return pool.query(items(of, term, "select min(since) as since, min(due) as due from items"))
                .execute()
                .map(rows -> rows.iterator().next())
                .map(row -> new Oldest(instant(row, "since"), instant(row, "due")));
    }

    Uni<Holding> holding(RetentionClass of, Instant now) {
        return of.term().map(term -> ending(of, term, now)).orElseGet(() -> pool.query(
                        "select count(*) as items from " + of.rows())
                .execute()
                .map(rows -> new Holding(
                        of.name(),
                        of.what(),
                        null,
                        null,
                        rows.iterator().next().getLong("items"),
                        null,
                        0,
                        List.of())));
    }

    private Uni<Holding> ending(RetentionClass of, Term term, Instant now) {
        return pool.preparedQuery(
                        items(
                                of,
                                term,
                                "select count(*) as items, min(since) as since, count(*) filter (where due <= $1) as due from items"))
                .execute(Tuple.of(at(now)))
                .map(rows -> rows.iterator().next())
                .flatMap(row -> going(of, term, now)
                        .map(going -> new Holding(
                                of.name(),
                                of.what(),
                                term.limit(),
                                term.job(),
                                row.getLong("items"),
                                instant(row, "since"),
                                row.getLong("due"),
                                going)));
    }

    private Uni<List<Holding.Item>> going(RetentionClass of, Term term, Instant now) {
        return pool.preparedQuery(items(
                        of,
                        term,
                        "select item, since, due from items where due <= $1 order by due, item limit " + LISTED))
                .execute(Tuple.of(at(now)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Holding.Item(row.getString("item"), instant(row, "since"), instant(row, "due")))
                        .toList());
    }

    private static String items(RetentionClass of, Term term, String query) {
        return "with items as (select " + of.item() + " as item, " + term.since() + " as since, " + term.due()
                + " as due from " + of.rows() + ") " + query;
    }

    private static Instant instant(Row row, String column) {
        var value = row.get(OffsetDateTime.class, column);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
