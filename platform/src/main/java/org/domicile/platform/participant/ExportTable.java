package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;

/** A table of the account's rows that are exported as they are, all at once: of those that do not move, there are few. */
public final class ExportTable implements ExportClass {
    private static final long NO_VERSION = 0;

    private final String name;
    private final String table;
    private final String columns;

    /** @param withheld columns that are not the owner's, or not to be told */
    public ExportTable(String name, String table, String... withheld) {
        this.name = name;
        this.table = table;
        this.columns = "to_jsonb(t) - 'account_id'"
                + Stream.of(withheld).map(c -> " - '" + c + "'").collect(Collectors.joining());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version) {
        return version >= NO_VERSION
                ? Uni.createFrom().item(List.of())
                : connection
                        .preparedQuery(
                                "select " + columns + " as data from " + table + " t where account_id = $1 order by 1")
                        .execute(Tuple.of(account.value()))
                        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> (JsonObject) row.getValue("data"))
                                .map(data -> new DataRecord(name, NO_VERSION, data))
                                .toList());
    }
}
