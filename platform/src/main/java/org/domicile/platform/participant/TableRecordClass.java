package org.domicile.platform.participant;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;

/**
 * A class of data that is one table with columns {@code account_id} and {@code version}, an index on both, and a primary key that
 * starts with {@code account_id}. Rows travel as PostgreSQL's own JSON of them. A subclass says which columns stay behind, and
 * translates rows that a region stores encrypted.
 */
public class TableRecordClass implements RecordClass {
    private static final int PURGE_BATCH = 5_000;

    private final Pool pool;
    private final String name;
    private final String table;
    private final List<String> keyColumns;
    private final String key;
    private final String data;

    /**
     * @param keyColumns the primary key without {@code account_id}; empty for one row per account
     * @param localColumns columns that mean nothing in another region and do not travel
     */
    public TableRecordClass(Pool pool, String name, String table, List<String> keyColumns, List<String> localColumns) {
        this.pool = pool;
        this.name = name;
        this.table = table;
        this.keyColumns = List.copyOf(keyColumns);
        this.key = "jsonb_build_array(" + keyColumns.stream().map(c -> "t." + c).collect(Collectors.joining(", "))
                + ")::text";
        this.data = "to_jsonb(t) - 'account_id' - 'version'"
                + localColumns.stream().map(c -> " - '" + c + "'").collect(Collectors.joining());
    }

    @Override
    public String name() {
        return name;
    }

    protected Pool pool() {
        return pool;
    }

    /** Turns a stored row into canonical plaintext. */
    protected Uni<JsonObject> reveal(SqlConnection connection, AccountId account, JsonObject row) {
        return Uni.createFrom().item(row);
    }

    /** Turns canonical plaintext into the row to store here, local columns included. */
    protected Uni<JsonObject> conceal(SqlConnection connection, AccountId account, DataRecord record) {
        return Uni.createFrom().item(record.data().copy());
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version, int limit) {
        return connection
                .preparedQuery("select " + key + " as key, t.version, " + data + " as data from " + table
                        + " t where t.account_id = $1 and t.version > $2 order by t.version"
                        + " fetch first $3 rows with ties")
                .execute(Tuple.of(account.value(), version, (long) limit))
                .flatMap(rows -> revealed(connection, account, rows));
    }

    @Override
    public Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select " + key + " as key, t.version from " + table + " t where t.account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> {
                    var versions = new HashMap<String, Long>(rows.size() * 2);
                    rows.forEach(r -> versions.put(r.getString("key"), r.getLong("version")));
                    return versions;
                });
    }

    @Override
    public Uni<Long> count(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select count(*) from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    @Override
    public Uni<List<DataRecord>> byKeys(SqlConnection connection, AccountId account, Collection<String> keys) {
        return connection
                .preparedQuery("select " + key + " as key, t.version, " + data + " as data from " + table
                        + " t where t.account_id = $1 and " + key + " = any($2)")
                .execute(Tuple.of(account.value(), keys.toArray(String[]::new)))
                .flatMap(rows -> revealed(connection, account, rows));
    }

    @Override
    public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
        return Multi.createFrom()
                .iterable(records)
                .onItem()
                .transformToUniAndConcatenate(r -> conceal(connection, account, r)
                        .map(row -> row.put("account_id", account.toString()).put("version", r.version())))
                .collect()
                .asList()
                .flatMap(rows -> rows.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : columns(connection).flatMap(columns -> upsert(connection, columns, new JsonArray(rows))));
    }

    @Override
    public Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        return connection
                .preparedQuery("delete from " + table + " t where t.account_id = $1 and " + key + " = any($2)")
                .execute(Tuple.of(account.value(), keys.toArray(String[]::new)))
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return pool.preparedQuery("delete from " + table + " where ctid = any(array(select ctid from " + table
                        + " where account_id = $1 limit " + PURGE_BATCH + "))")
                .execute(Tuple.of(account.value()))
                .flatMap(r -> r.rowCount() < PURGE_BATCH ? Uni.createFrom().voidItem() : purge(account));
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return pool.preparedQuery("select count(*) as count from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> new Remains(rows.iterator().next().getLong("count"), 0));
    }

    private Uni<List<DataRecord>> revealed(SqlConnection connection, AccountId account, RowSet<Row> rows) {
        return Multi.createFrom()
                .iterable(StreamSupport.stream(rows.spliterator(), false).toList())
                .onItem()
                .transformToUniAndConcatenate(r -> reveal(connection, account, (JsonObject) r.getValue("data"))
                        .map(row -> new DataRecord(r.getString("key"), r.getLong("version"), row)))
                .collect()
                .asList();
    }

    private Uni<List<String>> columns(SqlConnection connection) {
        return connection
                .preparedQuery(
                        "select attname as column_name from pg_attribute where attrelid = to_regclass($1) and attnum > 0"
                                + " and not attisdropped and attgenerated = '' and attidentity = ''")
                .execute(Tuple.of(table))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(r -> r.getString("column_name"))
                        .toList());
    }

    private Uni<Void> upsert(SqlConnection connection, List<String> all, JsonArray rows) {
        var present = rows.getJsonObject(0).fieldNames();
        var columns = all.stream().filter(present::contains).toList();
        var list = String.join(", ", columns);
        var updates = columns.stream().map(c -> c + " = excluded." + c).collect(Collectors.joining(", "));
        var conflict = "account_id" + keyColumns.stream().map(c -> ", " + c).collect(Collectors.joining());
        return connection
                .preparedQuery("insert into " + table + " (" + list + ") select " + list
                        + " from jsonb_populate_recordset(null::" + table + ", $1::jsonb) on conflict (" + conflict
                        + ") do update set " + updates + " where excluded.version > " + table + ".version")
                .execute(Tuple.of(rows))
                .replaceWithVoid();
    }
}
