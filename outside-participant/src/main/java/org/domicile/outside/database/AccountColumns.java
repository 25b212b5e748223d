package org.domicile.outside.database;

import static org.domicile.outside.database.MovedTable.literal;
import static org.domicile.outside.database.MovedTable.quoted;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;

/**
 * Looks after a purge, by other code than the mover's: every table of the outside system's schema that has a column with the name of an
 * account column is asked, whether it moves or not.
 */
final class AccountColumns {
    private final Pool pool;
    private final String schema;
    private final String names;

    AccountColumns(Pool pool, String schema, List<MovedTable> tables) {
        this.pool = pool;
        this.schema = schema;
        this.names =
                tables.stream().map(t -> literal(t.account().name())).distinct().collect(Collectors.joining(", "));
    }

    private record Place(String table, String column) {}

    /** Table → rows that name the account; without those that have none. */
    Uni<SortedMap<String, Long>> holding(AccountId account) {
        var found = new TreeMap<String, Long>();
        return places().onItem()
                .transformToMulti(places -> Multi.createFrom().iterable(places))
                .onItem()
                .transformToUniAndConcatenate(place -> count(place, account).invoke(rows -> {
                    if (rows > 0) {
                        found.merge(place.table(), rows, Long::sum);
                    }
                }))
                .collect()
                .last()
                .replaceWith(found);
    }

    private Uni<List<Place>> places() {
        return pool.preparedQuery("select c.table_name::text as table, c.column_name::text as column"
                        + " from information_schema.columns c join information_schema.tables t"
                        + " using (table_schema, table_name) where c.table_schema = $1 and t.table_type = 'BASE TABLE'"
                        + " and c.column_name in (" + names + ")")
                .execute(Tuple.of(schema))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(r -> new Place(r.getString("table"), r.getString("column")))
                        .toList());
    }

    private Uni<Long> count(Place place, AccountId account) {
        return pool.preparedQuery("select count(*) from " + quoted(schema) + "." + quoted(place.table()) + " t where t."
                        + quoted(place.column()) + "::text = $1")
                .execute(Tuple.of(account.toString()))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
