package org.domicile.outside.database;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.RecordClass;

/** One table of the outside system as a class of data. */
final class TableRows implements RecordClass {
    private final MovedTable table;
    private final Reading reading;
    private final ShadowRows shadow;
    private final AccountPurge purge;

    private final String all;
    private final String after;
    private final String versions;
    private final String count;
    private final String byKeys;

    TableRows(MovedTable table, Reading reading, AccountPurge purge) {
        this.table = table;
        this.reading = reading;
        this.shadow = new ShadowRows(table, reading);
        this.purge = purge;
        var records = reading.rows(table, "%s as key, %s as version, " + escaped(table.dataOf("t")) + " as data");
        this.all = records;
        this.after = versioned()
                ? records + " and v.version > $2 order by v.version fetch first $3 rows with ties"
                : records;
        this.versions = reading.rows(table, "%s as key, %s as version");
        this.count = "select count(*) from (" + versions + ") c";
        this.byKeys = "select * from (" + records + ") r where r.key = any($2)";
    }

    private static String escaped(String sql) {
        return sql.replace("%", "%%");
    }

    /** Every record, in no order. */
    Uni<List<DataRecord>> all(SqlConnection connection, AccountId account) {
        return connection.preparedQuery(all).execute(Tuple.of(account.value())).map(TableRows::records);
    }

    MovedTable table() {
        return table;
    }

    @Override
    public String name() {
        return table.name();
    }

    @Override
    public boolean versioned() {
        return reading == Reading.BY_VERSION;
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version, int limit) {
        return connection
                .preparedQuery(after)
                .execute(versioned() ? Tuple.of(account.value(), version, (long) limit) : Tuple.of(account.value()))
                .map(TableRows::records);
    }

    @Override
    public Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery(versions)
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
                .preparedQuery(count)
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    @Override
    public Uni<List<DataRecord>> byKeys(SqlConnection connection, AccountId account, Collection<String> keys) {
        return connection
                .preparedQuery(byKeys)
                .execute(Tuple.of(account.value(), keys.toArray(String[]::new)))
                .map(TableRows::records);
    }

    @Override
    public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
        return shadow.write(connection, account, records);
    }

    @Override
    public Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        return shadow.remove(connection, account, keys);
    }

    /** Of all tables at once: rows must go before those they refer to, by which they are found. */
    @Override
    public Uni<Void> purge(AccountId account) {
        return purge.of(account);
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return purge.left(account, table).map(rows -> new Remains(rows, 0));
    }

    private static List<DataRecord> records(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(r -> new DataRecord(r.getString("key"), r.getLong("version"), (JsonObject) r.getValue("data")))
                .toList();
    }
}
