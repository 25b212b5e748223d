package org.domicile.platform.projection;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import org.domicile.platform.account.AccountId;

/**
 * One row per account with the newest whole state of a compacted topic. Outside fence and digest (migration.md rule 11): applied
 * only forward by ledger version (one that says something else at the same version is newer too: the keyed hashes under
 * which an account is found change without the ledger), and never to an account that was purged here at that epoch or a later one.
 *
 * @param table the projection's table: account_id, version, epoch and the state column
 * @param column the state's column and member
 */
record StateProjection(Pool pool, String table, String column) {
    /** @return whether the event was newer than what was known */
    Uni<Boolean> apply(JsonObject data) {
        var account = AccountId.parse(data.getString("accountId"));
        var sql = "insert into " + table + " (account_id, version, epoch, " + column + ") select $1, $2, $3, $4::jsonb"
                + " where not exists (select from fence where account_id = $1 and mode = 'NONE' and epoch >= $3)"
                + " and not exists (select from erased where account_hash = sha256(uuid_send($1)) and settled)"
                + " on conflict (account_id) do update set version = excluded.version, epoch = excluded.epoch, "
                + column + " = excluded." + column + " where (excluded.epoch, excluded.version) > (" + table
                + ".epoch, " + table
                + ".version) or ((excluded.epoch, excluded.version) = (" + table + ".epoch, " + table + ".version) and "
                + table + "." + column + " <> excluded." + column + ")";
        return pool.preparedQuery(sql)
                .execute(Tuple.of(
                        account.value(), data.getLong("version"), data.getLong("epoch"), data.getValue(column)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The ledger version that the projection stands at for the account; 0 if it knows nothing. */
    static Uni<Long> version(SqlClient client, String table, AccountId account) {
        return client.preparedQuery("select version from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong("version"));
    }
}
