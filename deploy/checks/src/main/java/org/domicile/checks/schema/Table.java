package org.domicile.checks.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as the scripts of Flyway make it.
 *
 * @param database the folder of its script: {@code platform}, {@code participant}, {@code account}, …
 * @param key columns of the primary key, in order
 * @param unique columns of each other unique constraint or index
 */
public record Table(String database, String name, List<String> key, List<List<String>> unique) {
    private static final String ACCOUNT = "account_id";

    /** As in lists: {@code account/registration}. */
    public String id() {
        return database + "/" + name;
    }

    public boolean isKeyedByAccount() {
        return !key.isEmpty() && key.getFirst().equals(ACCOUNT);
    }

    /** Constraints that a database which shards by account cannot keep. */
    public List<String> uniqueBeyondAccounts() {
        return unique.stream()
                .filter(columns -> !columns.contains(ACCOUNT))
                .map(columns -> id() + "(" + String.join(",", columns) + ")")
                .toList();
    }

    Table withUnique(List<String> columns) {
        var more = new ArrayList<>(unique);
        more.add(columns);
        return new Table(database, name, key, more);
    }
}
