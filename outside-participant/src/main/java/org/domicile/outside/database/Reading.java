package org.domicile.outside.database;

import static org.domicile.outside.database.MovedTable.literal;

/**
 * How an account's rows are found: by the versions that the trigger keeps; or, where the owner allows no trigger, by following the
 * foreign keys, all at every time.
 */
enum Reading {
    BY_VERSION {
        @Override
        String rows(MovedTable table, String selected) {
            return "select " + selected.formatted("v.key", "v.version") + " from row_version v join " + table.relation()
                    + " t on " + table.hasKey("t", "v.key") + " where v.account_id = $1 and v.class = "
                    + literal(table.name());
        }
    },
    BY_REFERENCE {
        @Override
        String rows(MovedTable table, String selected) {
            return "select " + selected.formatted(table.keyOf("t"), "0::bigint") + " from " + followed(table);
        }
    };

    /**
     * A query of the account $1's rows, as alias {@code t}.
     *
     * @param selected its first %s is the row's key, its second one the version
     */
    abstract String rows(MovedTable table, String selected);

    /** Rows of the account by their foreign keys, whatever the trigger knows: what follows {@code from}. */
    static String followed(MovedTable table) {
        return table.relation() + " t" + table.toRoot("t") + " where " + table.isAccount("t");
    }
}
