package org.domicile.outside.database;

import static org.domicile.outside.database.MovedTable.literal;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;

/** Deletes an account's rows, each before those it refers to, in batches. */
final class AccountPurge {
    private static final int BATCH = 5_000;

    private final Pool pool;
    private final List<MovedTable> tables;

    AccountPurge(Pool pool, List<MovedTable> tables) {
        this.pool = pool;
        this.tables = tables;
    }

    Uni<Void> of(AccountId account) {
        return Multi.createFrom()
                .iterable(tables.reversed())
                .onItem()
                .transformToUniAndConcatenate(table -> purge(account, table).replaceWith(table))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** A half copied row is known by its version only, one that the trigger has missed by its foreign keys only. */
    private Uni<Void> purge(AccountId account, MovedTable table) {
        var keys = keys(table, "t");
        return all(account, delete(table, "select " + keys + " from " + Reading.followed(table)))
                .flatMap(v -> all(account, delete(table, Reading.BY_VERSION.rows(table, keys.replace("%", "%%")))))
                .flatMap(v -> all(
                        account,
                        "delete from row_version where ctid = any(array(select ctid from row_version"
                                + " where account_id = $1 and class = " + literal(table.name()) + " limit " + BATCH
                                + "))"));
    }

    private static String delete(MovedTable table, String rows) {
        return "delete from " + table.relation() + " d where (" + keys(table, "d") + ") in (" + rows + " limit " + BATCH
                + ")";
    }

    private static String keys(MovedTable table, String alias) {
        return table.key().stream().map(k -> alias + "." + MovedTable.quoted(k)).collect(Collectors.joining(", "));
    }

    private Uni<Void> all(AccountId account, String delete) {
        return pool.withTransaction(c -> c.query("set local session_replication_role = replica")
                        .execute()
                        .flatMap(v -> c.preparedQuery(delete).execute(Tuple.of(account.value())))
                        .map(rows -> rows.rowCount()))
                .flatMap(deleted -> deleted < BATCH ? Uni.createFrom().voidItem() : all(account, delete));
    }

    /** Rows of a table that are still the account's, in one way or the other. */
    Uni<Long> left(AccountId account, MovedTable table) {
        return pool.preparedQuery("select (select count(*) from " + Reading.followed(table)
                        + ") + (select count(*) from row_version where account_id = $1 and class = "
                        + literal(table.name()) + ") as count")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong("count"));
    }
}
