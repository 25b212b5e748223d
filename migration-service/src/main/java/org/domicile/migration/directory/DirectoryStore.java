package org.domicile.migration.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** The directory rows of this region. */
@ApplicationScoped
public class DirectoryStore {
    private static final String SELECT = "select * from directory where account_id = $1";

    private final Pool pool;

    @Inject
    public DirectoryStore(Pool pool) {
        this.pool = pool;
    }

    public Uni<Optional<DirectoryRow>> find(AccountId account) {
        return pool.preparedQuery(SELECT).execute(Tuple.of(account.value())).map(DirectoryStore::first);
    }

    /** Locks the row until the transaction ends: steps of one account never run side by side. */
    public Uni<Optional<DirectoryRow>> lock(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery(SELECT + " for update")
                .execute(Tuple.of(account.value()))
                .map(DirectoryStore::first);
    }

    /** Makes the row if there is none and the account was not erased. @return whether it was made */
    public Uni<Boolean> make(SqlConnection connection, DirectoryRow row) {
        return connection
                .preparedQuery("insert into directory (account_id, home, epoch, state, shadow_epoch, market, move_id)"
                        + " select $1, $2, $3, $4, $5, $6, $7 where not exists (select from erasure"
                        + " where account_hash = sha256(uuid_send($1))) on conflict (account_id) do nothing")
                .execute(tuple(row))
                .map(result -> result.rowCount() == 1);
    }

    /**
     * The only change of a row that exists.
     *
     * @return fails with {@link LostRace} if the row is not as it was
     */
    public Uni<Void> compareAndSet(SqlConnection connection, DirectoryRow before, DirectoryRow after) {
        if (before.equals(after)) {
            return Uni.createFrom().voidItem();
        }
        var values = tuple(after)
                .addValue(before.epoch())
                .addValue(before.state().name())
                .addValue(before.home());
        return connection
                .preparedQuery("update directory set home = $2, epoch = $3, state = $4, shadow_epoch = $5, market = $6,"
                        + " move_id = $7 where account_id = $1 and epoch = $8 and state = $9 and home = $10")
                .execute(values)
                .invoke(result -> {
                    if (result.rowCount() != 1) {
                        throw new LostRace(before);
                    }
                })
                .replaceWithVoid();
    }

    /**
     * The epoch from which these data go on, if they were restored, and reconciled after this time or little before it, as clocks of
     * regions differ.
     */
    public Uni<Optional<Long>> leastEpochSince(SqlConnection connection, Instant time) {
        return connection
                .preparedQuery("select epoch from reconciliation where at > $1::timestamptz - interval '2 hours'")
                .execute(Tuple.of(time.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong("epoch")));
    }

    /** Whether a restored directory waits until every region has said which accounts it took since the backup. */
    public Uni<Boolean> awaitsAnswers(SqlConnection connection) {
        return connection
                .query("select from restored_unasked limit 1")
                .execute()
                .map(unasked -> unasked.size() > 0);
    }

    /** Fails with CONFLICT, to be asked again, until every region has said which accounts it took since the backup. */
    public Uni<Void> requireAnswers(SqlConnection connection) {
        return awaitsAnswers(connection)
                .invoke(awaits -> {
                    if (awaits) {
                        throw new ProblemException(
                                ErrorCode.CONFLICT,
                                "The database was restored, and a region has not answered yet: try again.");
                    }
                })
                .replaceWithVoid();
    }

    /** Fails with CONFLICT while what a forgotten move has left of an account is not dealt with, or a region has not answered. */
    public Uni<Void> requireSettled(SqlConnection connection, AccountId account) {
        return requireAnswers(connection)
                .chain(() -> connection
                        .preparedQuery("select from forgotten_move where account_id = $1")
                        .execute(Tuple.of(account.value())))
                .invoke(left -> {
                    if (left.size() > 0) {
                        throw new ProblemException(
                                ErrorCode.CONFLICT,
                                "The database was restored, and forgot a move of this account: try again in a moment.");
                    }
                })
                .replaceWithVoid();
    }

    /** Forgets what was logged before this time. */
    public Uni<Long> forgetLogBefore(Instant time) {
        return pool.preparedQuery("delete from directory_log where at <= $1")
                .execute(Tuple.of(time.atOffset(ZoneOffset.UTC)))
                .map(rows -> (long) rows.rowCount());
    }

    private static Tuple tuple(DirectoryRow row) {
        return Tuple.tuple()
                .addValue(row.account().value())
                .addValue(row.home())
                .addValue(row.epoch())
                .addValue(row.state().name())
                .addValue(row.shadowEpoch())
                .addValue(row.market())
                .addValue(row.moveId());
    }

    private static Optional<DirectoryRow> first(RowSet<Row> rows) {
        var all = rows.iterator();
        return all.hasNext() ? Optional.of(row(all.next())) : Optional.empty();
    }

    private static DirectoryRow row(Row row) {
        return new DirectoryRow(
                new AccountId(row.getUUID("account_id")),
                row.getString("home"),
                row.getLong("epoch"),
                DirectoryState.valueOf(row.getString("state")),
                row.getLong("shadow_epoch"),
                row.getString("market"),
                row.getUUID("move_id"));
    }

    /** Somebody else changed the row first; nothing of this transaction holds. */
    public static final class LostRace extends RuntimeException {
        LostRace(DirectoryRow before) {
            super("the directory row of " + before.account() + " is no longer at epoch " + before.epoch() + " in "
                    + before.state());
        }
    }
}
