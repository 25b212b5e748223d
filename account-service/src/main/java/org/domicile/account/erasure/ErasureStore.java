package org.domicile.account.erasure;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;
import org.domicile.platform.region.ServiceIdentity;

/** The SQL of erasures, and of what the erasure list says about them once the account is gone. */
@ApplicationScoped
public class ErasureStore {
    private static final String COLUMNS = "id, state, requested_at, effective_at, deadline";
    private static final int BATCH = 100;

    private final Pool pool;
    private final ServiceIdentity identity;

    @Inject
    public ErasureStore(Pool pool, ServiceIdentity identity) {
        this.pool = pool;
        this.identity = identity;
    }

    Uni<Optional<Erasure>> find(AccountId account) {
        return find(pool, account);
    }

    Uni<Optional<Erasure>> find(SqlClient client, AccountId account) {
        return client.preparedQuery("select " + COLUMNS + " from erasure where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(erasure(rows.iterator().next())));
    }

    /** What is publicly known under an erasure's id: its state, and when it came to it. */
    Uni<Optional<Erasures.Status>> status(UUID id) {
        return pool.preparedQuery(
                        "select state, requested_at, deadline, held_since, null::timestamptz as at from erasure where id = $1"
                                + " union all select state, requested_at, deadline, null, at from erased where erasure_id = $1"
                                + " and region = $2 order by at desc nulls last limit 1")
                .execute(Tuple.of(id, identity.region()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Erasures.Status(
                                id,
                                row.getString("state"),
                                instant(row, "requested_at"),
                                instant(row, "deadline"),
                                instant(row, "held_since"),
                                row.getString("state").equals("ERASED") ? instant(row, "at") : null))
                        .findFirst());
    }

    Uni<Void> put(FencedWrite write, Erasure erasure) {
        return write.connection()
                .preparedQuery(
                        "insert into erasure (account_id, version, " + COLUMNS + ") values ($1, $2, $3, $4, $5, $6, $7)"
                                + " on conflict (account_id) do update set version = excluded.version, id = excluded.id,"
                                + " state = excluded.state, requested_at = excluded.requested_at,"
                                + " effective_at = excluded.effective_at, deadline = excluded.deadline, said_at = null, held_since = null")
                .execute(Tuple.tuple()
                        .addValue(write.account().value())
                        .addValue(write.version())
                        .addValue(erasure.id())
                        .addValue(erasure.state().name())
                        .addValue(at(erasure.requestedAt()))
                        .addValue(at(erasure.effectiveAt()))
                        .addValue(at(erasure.deadline())))
                .replaceWithVoid();
    }

    /** @return whether that is news: the erasure is the one that was ordered, and was not known to be held */
    Uni<Boolean> held(FencedWrite write, UUID id, Instant since) {
        return write.connection()
                .preparedQuery("update erasure set held_since = $3, version = $4 where account_id = $1 and id = $2"
                        + " and state = 'ORDERED' and held_since is null")
                .execute(Tuple.of(write.account().value(), id, at(since), write.version()))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Not a change of the account's data: region-local, without a version. */
    Uni<Void> said(SqlConnection connection, AccountId account, Instant now) {
        return connection
                .preparedQuery("update erasure set said_at = $2 where account_id = $1")
                .execute(Tuple.of(account.value(), at(now)))
                .replaceWithVoid();
    }

    /** Accounts at home here whose grace is over, and those whose order was last said before that time. */
    Uni<List<AccountId>> due(Instant now, Instant saidBefore) {
        return pool.preparedQuery("select e.account_id from erasure e join fence f using (account_id)"
                        + " where f.mode = 'OWN' and e.effective_at <= $1 and (e.state = 'SCHEDULED'"
                        + " or e.state = 'ORDERED' and (e.said_at is null or e.said_at < $2))"
                        + " order by e.effective_at limit " + BATCH)
                .execute(Tuple.of(at(now), at(saidBefore)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    /** Erasures of this region that are not complete: how many, and the earliest deadline (null without one). */
    Uni<Outstanding> outstanding() {
        return pool.preparedQuery(
                        "select count(*) as count, min(deadline) as earliest from ("
                                + "select id, deadline from erasure e join fence f using (account_id)"
                                + " where e.state <> 'CANCELLED' and f.mode in ('OWN', 'FROZEN', 'NONE')"
                                + " union select erasure_id, deadline from erased where state = 'ORDERED' and region = $1) as o")
                .execute(Tuple.of(identity.region()))
                .map(rows -> rows.iterator().next())
                .map(row -> new Outstanding(row.getLong("count"), instant(row, "earliest")));
    }

    /** @param earliest deadline, or null */
    record Outstanding(long count, Instant earliest) {}

    private static Erasure erasure(Row row) {
        return new Erasure(
                row.getUUID("id"),
                ErasureState.valueOf(row.getString("state")),
                instant(row, "requested_at"),
                instant(row, "effective_at"),
                instant(row, "deadline"));
    }

    private static Instant instant(Row row, String column) {
        var value = row.get(OffsetDateTime.class, column);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
