package org.domicile.system;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.domicile.local.StackDescription;

/** All that both regions have of an account, row by row: every table of the participants, and what migration-service decided. */
final class AccountState {
    /** Who does a task just now, which a command that comes again may ask. */
    private static final String LEASE = " - 'lease_owner' - 'lease_until'";

    private static final Map<String, List<String>> DECIDED =
            Map.of("migration", List.of("directory", "move", "move_step", "command", "receipt"));
    private static final List<String> PARTICIPANTS = List.of("account", "backup", "messaging", "shop");
    private static final String TABLES = "select t.table_name from information_schema.tables t join"
            + " information_schema.columns c using (table_schema, table_name) where t.table_schema = ?"
            + " and t.table_type = 'BASE TABLE' and c.column_name = 'account_id' order by 1";

    private AccountState() {}

    /** Region, database and table → its rows of the account. */
    static Map<String, String> of(StackDescription description, UUID account) throws SQLException {
        var state = new TreeMap<String, String>();
        for (var region : List.of(StartedStack.CN, StartedStack.SG)) {
            for (var service : PARTICIPANTS) {
                try (var connection = Databases.connect(description.regions().get(region), service)) {
                    for (var table : tables(connection, service)) {
                        state.put(region + " " + service + "." + table, rows(connection, table, "account_id", account));
                    }
                }
            }
            for (var decided : DECIDED.entrySet()) {
                try (var connection = Databases.connect(description.regions().get(region), decided.getKey())) {
                    for (var table : decided.getValue()) {
                        state.put(region + " " + table, rows(connection, table, "account_id", account));
                    }
                }
            }
            try (var connection = Databases.connect(description.regions().get(region), "keycloak")) {
                state.put(region + " user", rows(connection, "user_entity", "id", account));
                state.put(region + " credential", rows(connection, "credential", "user_id", account));
            }
        }
        return state;
    }

    private static List<String> tables(Connection connection, String service) throws SQLException {
        var tables = new ArrayList<String>();
        var schema = Databases.schema(service);
        try (var statement = connection.prepareStatement(TABLES)) {
            statement.setString(1, schema);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(schema + "." + rows.getString(1));
                }
            }
        }
        return tables;
    }

    private static String rows(Connection connection, String table, String column, UUID account) throws SQLException {
        try (var statement = connection.prepareStatement("select coalesce(string_agg((to_jsonb(t)" + LEASE
                + ")::text, E'\\n' order by to_jsonb(t)::text), '') from " + table + " t where t." + column
                + "::text = ?")) {
            statement.setString(1, account.toString());
            try (var found = statement.executeQuery()) {
                found.next();
                return found.getString(1);
            }
        }
    }
}
