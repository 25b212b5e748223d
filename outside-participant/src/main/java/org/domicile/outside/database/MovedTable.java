package org.domicile.outside.database;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.domicile.outside.database.Catalogue.Column;
import org.domicile.outside.database.Catalogue.Reference;

/**
 * A table that moves, and the pieces of SQL that speak of its rows. A row's key is the JSON of its primary key; its data are its
 * columns, each as PostgreSQL's own text, from which PostgreSQL reads back the same value of any type.
 *
 * @param columns that move, in the table's order
 * @param key columns of the primary key
 * @param path foreign keys from this table to the one with the account column; empty = it has that column itself
 * @param root the table with the account column
 * @param references all its foreign keys whose columns move
 * @param outside tables that they refer to and that do not move
 */
record MovedTable(
        String schema,
        String name,
        List<Column> columns,
        List<String> key,
        List<Reference> path,
        String root,
        Column account,
        List<Reference> references,
        Set<String> outside) {

    static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    String relation() {
        return relation(name);
    }

    String relation(String table) {
        return quoted(schema) + "." + quoted(table);
    }

    Column column(String column) {
        return columns.stream().filter(c -> c.name().equals(column)).findFirst().orElseThrow();
    }

    /** The key of a row. */
    String keyOf(String alias) {
        return "jsonb_build_array("
                + key.stream().map(k -> alias + "." + quoted(k)).collect(Collectors.joining(", ")) + ")::text";
    }

    /** That a row has the key in an expression. */
    String hasKey(String alias, String expression) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> alias + "." + quoted(key.get(i)) + " = (" + expression + "::jsonb ->> " + i + ")::"
                        + column(key.get(i)).type())
                .collect(Collectors.joining(" and "));
    }

    /** The data of a row. */
    String dataOf(String alias) {
        return "jsonb_object(array["
                + columns.stream().map(c -> literal(c.name())).collect(Collectors.joining(", ")) + "], array["
                + columns.stream()
                        .map(c -> alias + "." + quoted(c.name()) + "::text")
                        .collect(Collectors.joining(", "))
                + "])";
    }

    /** Joins a row, by its foreign keys, to the row with the account column. */
    String toRoot(String alias) {
        return IntStream.range(0, path.size())
                .mapToObj(i -> " join " + relation(path.get(i).parent()) + " p" + i + " on "
                        + refers(path.get(i), i == 0 ? alias : "p" + (i - 1), "p" + i))
                .collect(Collectors.joining());
    }

    /** The column that holds the account, after {@link #toRoot}. */
    String accountColumn(String alias) {
        return (path.isEmpty() ? alias : "p" + (path.size() - 1)) + "." + quoted(account.name());
    }

    /** That it is the account given as $1, so that an index on the column serves. */
    String isAccount(String alias) {
        return accountColumn(alias) + (account.type().equals("uuid") ? " = $1::uuid" : " = $1::uuid::text");
    }

    /** The account of a row that may not be stored (any more), such as {@code new}. */
    String accountOf(String alias) {
        if (path.isEmpty()) {
            return alias + "." + quoted(account.name()) + "::uuid";
        }
        var joins = IntStream.range(1, path.size())
                .mapToObj(i -> " join " + relation(path.get(i).parent()) + " p" + i + " on "
                        + refers(path.get(i), "p" + (i - 1), "p" + i))
                .collect(Collectors.joining());
        return "(select " + accountColumn(alias) + "::uuid from "
                + relation(path.getFirst().parent()) + " p0" + joins + " where "
                + refers(path.getFirst(), alias, "p0") + ")";
    }

    /** The foreign keys from this table to another on its way to the account; empty if it is not on the way. */
    Optional<List<Reference>> pathTo(String table) {
        for (int i = 0; i < path.size(); i++) {
            if (path.get(i).parent().equals(table)) {
                return Optional.of(path.subList(0, i + 1));
            }
        }
        return Optional.empty();
    }

    static String refers(Reference reference, String alias, String parentAlias) {
        return IntStream.range(0, reference.columns().size())
                .mapToObj(i -> alias + "." + quoted(reference.columns().get(i)) + " = " + parentAlias + "."
                        + quoted(reference.parentColumns().get(i)))
                .collect(Collectors.joining(" and "));
    }
}
