package org.domicile.outside.database;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What PostgreSQL's catalogue says of a schema.
 *
 * @param tables name → table
 * @param references foreign keys between its tables
 */
record Catalogue(Map<String, Table> tables, List<Reference> references) {
    /** @param key columns of the primary key; empty = it has none */
    record Table(String name, List<Column> columns, List<String> key) {
        Optional<Column> column(String column) {
            return columns.stream().filter(c -> c.name().equals(column)).findFirst();
        }
    }

    /**
     * @param type as a cast names it, without length or precision
     * @param generated computed from other columns
     * @param optional a row can be made without it
     * @param sequence that gives it its values
     */
    record Column(String name, String type, boolean generated, boolean optional, Optional<Sequence> sequence) {}

    /**
     * @param relation quoted, with its schema
     * @param increment between two of its values
     * @param last the most (for a falling one, the least) that it can reach
     */
    record Sequence(String relation, long increment, long last) {}

    /** A foreign key. */
    record Reference(String name, String table, List<String> columns, String parent, List<String> parentColumns) {}
}
