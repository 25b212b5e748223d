package org.domicile.platform.verify;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Cursor;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;

/**
 * A table of account data, read through a cursor. What its key is, the database's own catalogue says; every column counts but those
 * that are named here as meaning something in one region only.
 */
public class TableInventory implements InventoryClass {
    private static final int ROWS = 1_000;
    private static final String KEY_COLUMNS = "select a.attname as column from pg_index i cross join lateral"
            + " unnest(i.indkey::int2[]) with ordinality as k(number, place) join pg_attribute a on a.attrelid ="
            + " i.indrelid and a.attnum = k.number where i.indrelid = $1::text::regclass and i.indisprimary and a.attname"
            + " <> 'account_id' order by k.place";

    private final String name;
    private final String table;
    private final List<String> regional;
    private final boolean personalKeys;
    private volatile String statement;

    /** @param regional columns whose value another region does not have */
    public TableInventory(String name, String table, String... regional) {
        this(name, table, false, regional);
    }

    public TableInventory(String name, String table, boolean personalKeys, String... regional) {
        this.name = name;
        this.table = table;
        this.personalKeys = personalKeys;
        this.regional = List.of(regional);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean personalKeys() {
        return personalKeys;
    }

    /**
     * What makes a stored row comparable with another region's: decrypts what each encrypts under a key of its own, adds what lies
     * elsewhere. Asked only if there are rows; the columns of this region are removed afterwards.
     */
    protected Uni<UnaryOperator<JsonObject>> opener(SqlConnection connection, AccountId account) {
        return Uni.createFrom().item(UnaryOperator.identity());
    }

    @Override
    public Uni<Void> scan(SqlConnection connection, AccountId account, Consumer<InventoryItem> found) {
        return statement(connection).flatMap(sql -> connection
                .preparedQuery(sql + " limit " + (ROWS + 1))
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> switch (rows.size()) {
                    case 0 -> Uni.createFrom().voidItem();
                    case ROWS + 1 -> scanAll(connection, sql, account, found);
                    default ->
                        opener(connection, account)
                                .invoke(open -> rows.forEach(row -> found.accept(item(row, open))))
                                .replaceWithVoid();
                }));
    }

    /** A table that is too large for one answer. */
    private Uni<Void> scanAll(SqlConnection connection, String sql, AccountId account, Consumer<InventoryItem> found) {
        return opener(connection, account)
                .flatMap(open -> connection.prepare(sql).flatMap(prepared -> read(
                                prepared.cursor(Tuple.of(account.value())), open, found)
                        .onTermination()
                        .call(prepared::close)));
    }

    private Uni<Void> read(Cursor cursor, UnaryOperator<JsonObject> open, Consumer<InventoryItem> found) {
        return cursor.read(ROWS).flatMap(rows -> {
            rows.forEach(row -> found.accept(item(row, open)));
            return cursor.hasMore()
                    ? read(cursor, open, found)
                    : Uni.createFrom().voidItem();
        });
    }

    private InventoryItem item(Row row, UnaryOperator<JsonObject> open) {
        var content = open.apply((JsonObject) row.getValue("content"));
        regional.forEach(content::remove);
        return new InventoryItem(row.getString("key"), row.getLong("version"), content.encode());
    }

    private Uni<String> statement(SqlConnection connection) {
        var known = statement;
        return known != null
                ? Uni.createFrom().item(known)
                : connection
                        .preparedQuery(KEY_COLUMNS)
                        .execute(Tuple.of(table))
                        .map(rows -> statement = select(StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getString("column"))
                                .toList()));
    }

    private String select(List<String> keyColumns) {
        return keyColumns.stream()
                        .map(column -> "r.\"" + column + "\"")
                        .collect(Collectors.joining(", ", "select jsonb_build_array(", ")::text as key"))
                + ", r.version, to_jsonb(r) - '{account_id,version}'::text[] as content from " + table
                + " r where r.account_id = $1";
    }
}
