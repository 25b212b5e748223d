package org.domicile.outside.database;

import static org.domicile.outside.database.MovedTable.literal;
import static org.domicile.outside.database.MovedTable.quoted;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.MoveBlocked;

/**
 * Writes of the mover to a table. Neither the outside system's own triggers run, nor are foreign keys looked at row by row, as when
 * PostgreSQL replicates: what the rows caused, they caused at the source. A row that cannot be had here is told before anything is
 * frozen, by its key.
 */
final class ShadowRows {
    private static final String REPLICA = "set local session_replication_role = replica";
    private static final String ORIGIN = "set local session_replication_role = origin";

    private final MovedTable table;
    private final Set<String> names;
    private final Map<String, String> obstacles = new LinkedHashMap<>();
    private final String write;
    private final String remove;
    private final String forget;

    ShadowRows(MovedTable table, Reading reading) {
        this.table = table;
        this.names = table.columns().stream().map(Catalogue.Column::name).collect(Collectors.toSet());
        obstacles();
        this.write = write(reading);
        this.remove = "delete from " + table.relation() + " t using unnest($1::text[]) k (key) where "
                + table.hasKey("t", "k.key");
        this.forget = "delete from row_version where account_id = $1 and class = " + literal(table.name())
                + " and key = any($2)";
    }

    Uni<Void> write(SqlConnection connection, AccountId account, List<DataRecord> records) {
        if (records.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        records.forEach(this::checkColumns);
        var rows = new JsonArray(records.stream().map(DataRecord::toJson).toList());
        return Multi.createFrom()
                .iterable(obstacles.entrySet())
                .onItem()
                .transformToUniAndConcatenate(obstacle -> connection
                        .preparedQuery(obstacle.getValue())
                        .execute(Tuple.of(account.value(), rows))
                        .invoke(found -> {
                            if (found.size() > 0) {
                                throw new MoveBlocked("The row "
                                        + found.iterator().next().getString("key") + " of " + table.name() + " "
                                        + obstacle.getKey());
                            }
                        }))
                .collect()
                .last()
                .flatMap(v -> replicating(
                        connection, connection.preparedQuery(write).execute(Tuple.of(account.value(), rows))));
    }

    Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        var list = keys.toArray(String[]::new);
        return replicating(
                connection,
                connection.preparedQuery(remove).execute(Tuple.of(list)).flatMap(r -> connection
                        .preparedQuery(forget)
                        .execute(Tuple.of(account.value(), list))));
    }

    /** Runs SQL as the mover, within the caller's transaction. */
    static <T> Uni<Void> replicating(SqlConnection connection, Uni<T> work) {
        return connection
                .query(REPLICA)
                .execute()
                .flatMap(v -> work)
                .flatMap(v -> connection.query(ORIGIN).execute())
                .onFailure(PgException.class)
                .transform(ShadowRows::explained)
                .replaceWithVoid();
    }

    /** The message of PostgreSQL would hold values; the constraint's name does not. */
    private static Throwable explained(Throwable failure) {
        var problem = (PgException) failure;
        var state = problem.getSqlState() == null ? "" : problem.getSqlState();
        if (!state.startsWith("22") && !state.startsWith("23")) {
            return failure;
        }
        var constraint = problem.getConstraint() == null ? "" : ", constraint " + problem.getConstraint();
        return new MoveBlocked("A row of " + problem.getTable() + " does not fit here (" + state + constraint
                + "): another row has its value, or the tables differ between the regions.");
    }

    private void checkColumns(DataRecord record) {
        if (!record.data().fieldNames().equals(names)) {
            throw new MoveBlocked("The table " + table.name() + " has other columns at the source: "
                    + record.data().fieldNames() + ", here " + names + ".");
        }
    }

    private String incoming() {
        var columns = table.columns();
        return "select r.key as k, r.version as n, "
                + IntStream.range(0, columns.size())
                        .mapToObj(i -> "(r.data ->> " + literal(columns.get(i).name()) + ")::"
                                + columns.get(i).type() + " as c" + i)
                        .collect(Collectors.joining(", "))
                + " from jsonb_to_recordset($2::jsonb) as r (key text, version bigint, data jsonb)";
    }

    private String value(String column) {
        return "i.c" + table.columns().indexOf(table.column(column));
    }

    private void obstacles() {
        obstacles.put(
                "belongs to another account here, or to nobody: give each region numbers of its own.",
                "select i.k as key from (" + incoming() + ") i join " + table.relation() + " t on "
                        + table.hasKey("t", "i.k")
                        + " where not exists (select from row_version v where v.account_id = $1 and v.class = "
                        + literal(table.name()) + " and v.key = i.k) and not exists (select from " + table.relation()
                        + " o" + table.toRoot("o") + " where " + table.isAccount("o") + " and "
                        + table.hasKey("o", "i.k") + ") limit 1");
        table.columns().forEach(column -> column.sequence()
                .ifPresent(sequence -> obstacles.put(
                        "has a number in " + column.name() + " that " + sequence.relation()
                                + " will give to another row here: give each region numbers of its own (increment by).",
                        "select i.k as key from (" + incoming() + ") i, " + sequence.relation()
                                + " s where $1::uuid is not null"
                                + " and mod(" + value(column.name()) + "::numeric - s.last_value, "
                                + sequence.increment() + ") = 0 and (" + value(column.name()) + "::numeric "
                                + (sequence.increment() > 0 ? ">" : "<") + " s.last_value or ("
                                + value(column.name()) + "::numeric = s.last_value and not s.is_called)) and "
                                + value(column.name()) + "::numeric " + (sequence.increment() > 0 ? "<=" : ">=") + " "
                                + sequence.last() + " limit 1")));
        table.references().stream()
                .filter(r -> table.outside().contains(r.parent()))
                .forEach(r -> obstacles.put(
                        "refers to a row of " + r.parent() + " that is not here: bring that table up to date first.",
                        "select i.k as key from (" + incoming() + ") i where $1::uuid is not null and "
                                + r.columns().stream()
                                        .map(c -> value(c) + " is not null")
                                        .collect(Collectors.joining(" and "))
                                + " and not exists (select from " + table.relation(r.parent()) + " p where "
                                + IntStream.range(0, r.columns().size())
                                        .mapToObj(n ->
                                                "p." + quoted(r.parentColumns().get(n)) + " = "
                                                        + value(r.columns().get(n)))
                                        .collect(Collectors.joining(" and "))
                                + ") limit 1"));
    }

    private String write(Reading reading) {
        var columns = table.columns();
        var list = columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "));
        var values = IntStream.range(0, columns.size()).mapToObj(i -> "i.c" + i).collect(Collectors.joining(", "));
        var updates = new ArrayList<String>();
        columns.stream()
                .map(Catalogue.Column::name)
                .filter(c -> !table.key().contains(c))
                .forEach(c -> updates.add(quoted(c) + " = excluded." + quoted(c)));
        var newer = reading == Reading.BY_VERSION ? "v.version is null or i.n > v.version" : "true";
        return "with incoming as materialized (" + incoming() + "), fresh as materialized (select i.* from incoming i"
                + " left join row_version v on v.account_id = $1 and v.class = " + literal(table.name())
                + " and v.key = i.k where " + newer + "), written as (insert into " + table.relation() + " (" + list
                + ") overriding system value select " + values + " from fresh i on conflict ("
                + table.key().stream().map(MovedTable::quoted).collect(Collectors.joining(", ")) + ") do "
                + (updates.isEmpty() ? "nothing" : "update set " + String.join(", ", updates))
                + ") insert into row_version (account_id, class, key, version) select $1, " + literal(table.name())
                + ", i.k, i.n from fresh i on conflict (account_id, class, key) do update set version = excluded.version";
    }
}
