package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Pace;

/** Moves and the states that they have been in. */
@ApplicationScoped
public class MoveStore {
    private static final String ADD_STEP = "insert into move_step (account_id, move_id, number, state, at, reason)"
            + " select $1, $2, count(*), $3, $4, $5 from move_step where account_id = $1 and move_id = $2";

    private final Pool pool;

    @Inject
    public MoveStore(Pool pool) {
        this.pool = pool;
    }

    public Uni<Void> insert(SqlClient connection, Move move) {
        return connection
                .preparedQuery(
                        "insert into move (account_id, id, source, target, state, reason, shadow_epoch, fence_epoch,"
                                + " home_epoch, end_epoch, deadline, settled, requested_by, created_at, fed, rollback_of)"
                                + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")
                .execute(Tuple.tuple()
                        .addValue(move.account().value())
                        .addValue(move.id())
                        .addValue(move.source())
                        .addValue(move.target())
                        .addValue(move.state().name())
                        .addValue(move.reason())
                        .addValue(move.shadowEpoch())
                        .addValue(move.fenceEpoch())
                        .addValue(move.homeEpoch())
                        .addValue(move.endEpoch())
                        .addValue(at(move.deadline()))
                        .addValue(move.settled())
                        .addValue(move.requestedBy())
                        .addValue(at(move.createdAt()))
                        .addValue(move.fed())
                        .addValue(move.rollbackOf()))
                .replaceWithVoid();
    }

    /** How fast a rollback's participants may copy; null = as fast as they can. */
    Uni<Void> setPace(SqlClient connection, Move rollback, Pace pace) {
        return pace == null
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery("update move set records_per_second = $3, bytes_per_second = $4"
                                + " where account_id = $1 and id = $2")
                        .execute(Tuple.of(
                                rollback.account().value(),
                                rollback.id(),
                                pace.recordsPerSecond(),
                                pace.bytesPerSecond()))
                        .replaceWithVoid();
    }

    /** Somebody ordered it, so that no wave begins it again. */
    public Uni<Void> abortedBy(SqlClient connection, Move move, String requestedBy) {
        return connection
                .preparedQuery("update move set aborted_by = $3 where account_id = $1 and id = $2")
                .execute(Tuple.of(move.account().value(), move.id(), requestedBy))
                .replaceWithVoid();
    }

    public Uni<Void> update(SqlClient connection, Move move) {
        return connection
                .preparedQuery("update move set state = $3, reason = $4, shadow_epoch = $5, fence_epoch = $6,"
                        + " home_epoch = $7, end_epoch = $8, deadline = $9, settled = $10"
                        + " where account_id = $1 and id = $2")
                .execute(Tuple.tuple()
                        .addValue(move.account().value())
                        .addValue(move.id())
                        .addValue(move.state().name())
                        .addValue(move.reason())
                        .addValue(move.shadowEpoch())
                        .addValue(move.fenceEpoch())
                        .addValue(move.homeEpoch())
                        .addValue(move.endEpoch())
                        .addValue(at(move.deadline()))
                        .addValue(move.settled()))
                .replaceWithVoid();
    }

    public Uni<Void> addStep(SqlClient connection, AccountId account, UUID move, MoveStep step) {
        return connection
                .preparedQuery(ADD_STEP)
                .execute(Tuple.of(account.value(), move, step.state().name(), at(step.at()), step.reason()))
                .replaceWithVoid();
    }

    /** Adds steps that another region's journal holds; numbers go on from what is there. */
    public Uni<Void> addSteps(SqlClient connection, AccountId account, UUID move, List<MoveStep> steps) {
        var rows = steps.stream()
                .map(step -> Tuple.of(account.value(), move, step.state().name(), at(step.at()), step.reason()))
                .toList();
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection.preparedQuery(ADD_STEP).executeBatch(rows).replaceWithVoid();
    }

    public Uni<List<MoveStep>> steps(SqlClient connection, AccountId account, UUID move) {
        return connection
                .preparedQuery("select state, at, reason from move_step where account_id = $1 and move_id = $2"
                        + " order by number")
                .execute(Tuple.of(account.value(), move))
                .map(rows -> list(
                        rows,
                        row -> new MoveStep(
                                MoveState.valueOf(row.getString("state")),
                                instant(row, "at"),
                                row.getString("reason"))));
    }

    /** The account's move that goes on; there is at most one. A move whose rollback is under way waits. */
    public Uni<Optional<Move>> unsettled(SqlClient connection, AccountId account) {
        return connection
                .preparedQuery("select * from move where account_id = $1 and not settled and state <> 'ROLLING_BACK'")
                .execute(Tuple.of(account.value()))
                .map(rows -> list(rows, MoveStore::move).stream().findFirst());
    }

    /** The same, to take it on: none while a restored directory waits for a region's answer, as the account may live elsewhere. */
    Uni<Optional<Move>> current(SqlClient connection, AccountId account) {
        return connection
                .preparedQuery("select * from move where account_id = $1 and not settled and state <> 'ROLLING_BACK'"
                        + " and not exists (select from restored_unasked)")
                .execute(Tuple.of(account.value()))
                .map(rows -> list(rows, MoveStore::move).stream().findFirst());
    }

    public Uni<Optional<Move>> find(UUID id) {
        return find(pool, id);
    }

    public Uni<Optional<Move>> find(SqlClient client, UUID id) {
        return client.preparedQuery("select * from move where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> list(rows, MoveStore::move).stream().findFirst());
    }

    /** All moves of an account, the newest first. */
    public Uni<List<Move>> of(AccountId account) {
        return pool.preparedQuery("select * from move where account_id = $1 order by created_at desc")
                .execute(Tuple.of(account.value()))
                .map(rows -> list(rows, MoveStore::move));
    }

    /** A move whose deadline has passed. */
    public record Due(Instant deadline, AccountId account) {}

    /** How many moves are not settled; absent for none. */
    Uni<Map<MoveState, Long>> byState() {
        return pool.query("select state, count(*) as count from move where not settled group by state")
                .execute()
                .map(rows -> byState(rows, row -> row.getLong("count")));
    }

    /** When the one that is in a state for longest entered it; only of states that end by more than time. */
    Uni<Map<MoveState, Instant>> enteredFirst() {
        return pool.query("select m.state, min(s.at) as first from move m cross join lateral (select at from move_step"
                        + " where account_id = m.account_id and move_id = m.id order by number desc limit 1) s"
                        + " where not m.settled and m.state not in ('SOAK', 'HELD', 'ROLLING_BACK') group by m.state")
                .execute()
                .map(rows -> byState(rows, row -> instant(row, "first")));
    }

    private static <T> Map<MoveState, T> byState(RowSet<Row> rows, Function<Row, T> value) {
        var found = new EnumMap<MoveState, T>(MoveState.class);
        rows.forEach(row -> found.put(MoveState.valueOf(row.getString("state")), value.apply(row)));
        return found;
    }

    /** Accounts whose writes have been stopped for longer than they may be, the longest first. */
    Uni<List<AccountId>> overdueFences(Instant now, int limit) {
        return pool.preparedQuery(
                        "select account_id from move where not settled"
                                + " and state in ('FENCING', 'SEALED', 'VERIFIED') and deadline <= $1 order by deadline limit $2")
                .execute(Tuple.of(at(now), limit))
                .map(rows -> list(rows, MoveStore::account));
    }

    /** Moves past their deadline of whatever kind, in the order of deadlines. @param after the last that was looked at */
    Uni<List<Due>> due(Instant now, Due after, int limit) {
        return pool.preparedQuery("select account_id, deadline from move where not settled and deadline <= $1"
                        + " and (deadline, account_id) > ($2, $3) order by deadline, account_id limit $4")
                .execute(Tuple.of(at(now), at(after.deadline()), after.account().value(), limit))
                .map(rows -> list(rows, row -> new Due(instant(row, "deadline"), account(row))));
    }

    /** Accounts whose move waits for more than time, in the order of their ids. @param after the last that was looked at */
    Uni<List<AccountId>> waiting(AccountId after, int limit) {
        return pool.preparedQuery("select account_id from move where not settled"
                        + " and state not in ('SOAK', 'HELD', 'ROLLING_BACK') and account_id > $1"
                        + " order by account_id limit $2")
                .execute(Tuple.of(after.value(), limit))
                .map(rows -> list(rows, MoveStore::account));
    }

    private static AccountId account(Row row) {
        return new AccountId(row.getUUID("account_id"));
    }

    private static Move move(Row row) {
        return new Move(
                row.getUUID("id"),
                account(row),
                row.getString("source"),
                row.getString("target"),
                MoveState.valueOf(row.getString("state")),
                row.getString("reason"),
                row.getLong("shadow_epoch"),
                row.getLong("fence_epoch"),
                row.getLong("home_epoch"),
                row.getLong("end_epoch"),
                instant(row, "deadline"),
                row.getBoolean("settled"),
                row.getString("requested_by"),
                instant(row, "created_at"),
                row.getBoolean("fed"),
                row.getUUID("rollback_of"));
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
        return StreamSupport.stream(rows.spliterator(), false).map(read).toList();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(Row row, String column) {
        var value = row.get(OffsetDateTime.class, column);
        return value == null ? null : value.toInstant();
    }
}
