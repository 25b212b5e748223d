package org.domicile.platform.fence;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import org.domicile.platform.account.AccountId;

/** The fence rows' SQL. Modes change only here, and only to a higher epoch. */
@ApplicationScoped
public class FenceStore {
    private static final String COLUMNS = "mode, epoch, version, at";
    private static final String HASH = "sha256(uuid_send($1))";
    private static final String ERASED =
            "select 'NONE' as mode, max(epoch) as epoch, 0::bigint as version, max(at) as at"
                    + " from erased where account_hash = " + HASH + " and settled having count(*) > 0";

    public Uni<FenceRow> read(SqlClient client, AccountId account) {
        return client.preparedQuery("select " + COLUMNS + " from fence where account_id = $1")
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> rows.size() == 0
                        ? erased(client, account)
                        : Uni.createFrom().item(row(rows.iterator().next())));
    }

    /** An erased account has lost its row too; the erasure list stands for the tombstone. */
    private static Uni<FenceRow> erased(SqlClient client, AccountId account) {
        return client.preparedQuery(ERASED)
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? FenceRow.MISSING
                        : row(rows.iterator().next()));
    }

    /** Reads the row and holds it until the transaction ends. */
    public Uni<FenceRow> lock(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select " + COLUMNS + " from fence where account_id = $1 for update")
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> rows.size() == 0
                        ? erased(connection, account)
                        : Uni.createFrom().item(row(rows.iterator().next())));
    }

    /** @return whether the row was made now */
    public Uni<Boolean> open(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("insert into fence (account_id, mode, epoch) select $1, 'OWN', 1"
                        + " where not exists (select from erased where account_hash = " + HASH + " and settled)"
                        + " on conflict (account_id) do nothing")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Commits, before a freeze queues for the row, that new writers wait; not if the row is past the epoch already. */
    public Uni<Void> intend(SqlClient client, AccountId account, long epoch) {
        return client.preparedQuery(
                        "insert into fence_intent (account_id, epoch) select $1::uuid, $2::bigint where not exists"
                                + " (select from fence where account_id = $1 and epoch >= $2) on conflict (account_id) do"
                                + " update set epoch = greatest(fence_intent.epoch, excluded.epoch)")
                .execute(Tuple.of(account.value(), epoch))
                .replaceWithVoid();
    }

    public Uni<Void> dropIntent(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from fence_intent where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    /**
     * Moves the row to a mode at a higher epoch, keeping its version.
     *
     * @return the new row; fails if the row's epoch is not below this one, which a caller that holds the row rules out
     */
    public Uni<FenceRow> change(SqlConnection connection, AccountId account, FenceMode mode, long epoch) {
        return put(connection, account, mode, epoch, "fence.version", 0);
    }

    /** As {@link #change}, with the version counter given: 0 for a shadow or a tombstone, the sealed one when closing. */
    public Uni<FenceRow> reset(SqlConnection connection, AccountId account, FenceMode mode, long epoch, long version) {
        return put(connection, account, mode, epoch, "excluded.version", version);
    }

    private static Uni<FenceRow> put(
            SqlConnection connection, AccountId account, FenceMode mode, long epoch, String keep, long version) {
        return connection
                .preparedQuery("insert into fence (account_id, mode, epoch, version, at)"
                        + " values ($1, $2, $3, $4, clock_timestamp()) on conflict (account_id) do update set"
                        + " mode = excluded.mode, epoch = excluded.epoch, version = " + keep
                        + ", restored = false, at = clock_timestamp()"
                        + " where fence.epoch < excluded.epoch returning " + COLUMNS)
                .execute(Tuple.of(account.value(), mode.name(), epoch, version))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new IllegalStateException(
                                "the fence row of " + account + " has gone past epoch " + epoch);
                    }
                    return row(rows.iterator().next());
                });
    }

    private static FenceRow row(Row row) {
        return new FenceRow(
                FenceMode.valueOf(row.getString("mode")),
                row.getLong("epoch"),
                row.getLong("version"),
                row.get(OffsetDateTime.class, "at").toInstant());
    }
}
