package org.domicile.local.bench;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.domicile.local.StackDescription;

/**
 * Many accounts that are as one that signed up: its rows in the region's databases and its user in Keycloak, copied under other ids.
 * Neither an address nor objects are copied: an address belongs to one account, and an object to its generation.
 */
final class ClonedAccounts {
    private static final int BATCH = 1_000;
    /** What names one account only, is made anew anywhere, or is written by the database itself. */
    private static final Set<String> LEFT_OUT = Set.of(
            "identifier",
            "registration",
            "presence",
            "directory_log",
            "delivery",
            "legal_log",
            "repositories",
            "blobs",
            "uploads",
            "usage",
            "command",
            "receipt");

    private static final List<String> SERVICES =
            List.of("account", "account_keys", "backup", "backup_keys", "messaging", "migration");
    private static final String TABLES = "select t.table_name from information_schema.tables t join"
            + " information_schema.columns c using (table_schema, table_name) where t.table_schema = current_schema()"
            + " and t.table_type = 'BASE TABLE' and c.column_name = 'account_id'";

    private final StackDescription.Region region;
    private final UUID template;
    private final SecureRandom random = new SecureRandom();

    ClonedAccounts(StackDescription.Region region, UUID template) {
        this.region = region;
        this.template = template;
    }

    /** @return the new accounts */
    List<UUID> make(int count) throws SQLException {
        var accounts = new ArrayList<UUID>();
        while (accounts.size() < count) {
            accounts.add(id());
        }
        for (var service : SERVICES) {
            try (var connection = connect(service)) {
                for (var table : tables(connection)) {
                    copy(connection, table, accounts);
                }
                connection.createStatement().execute("analyze");
            }
        }
        try (var connection = connect("keycloak")) {
            copyUsers(connection, accounts);
        }
        return accounts;
    }

    /** As accounts have them: version 7, ordered by time (RFC 9562). */
    private UUID id() {
        var time = System.currentTimeMillis() << 16;
        var version = 0x7000L | random.nextInt(1 << 12);
        return new UUID(time | version, Long.MIN_VALUE | random.nextLong() >>> 2);
    }

    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var rows = connection.createStatement().executeQuery(TABLES)) {
            while (rows.next()) {
                if (!LEFT_OUT.contains(rows.getString(1))) {
                    tables.add(rows.getString(1));
                }
            }
        }
        return tables;
    }

    private void copy(Connection connection, String table, List<UUID> accounts) throws SQLException {
        // the id stands in other columns too: of a device's id, and of what a service last reported
        var row = "replace(to_jsonb(t)::text, ?::text, n.id::text)::jsonb"
                + (table.equals("account") ? " || '{\"email\":null,\"phone\":null}'" : "");
        each(
                connection,
                "insert into " + table + " select (jsonb_populate_record(null::" + table + ", " + row + ")).* from "
                        + table + " t, unnest(?) as n(id) where t.account_id = ?",
                accounts);
    }

    /** A user's id, name and e-mail constraint are its own; everything else is the template's, the password's hash included. */
    private void copyUsers(Connection connection, List<UUID> accounts) throws SQLException {
        each(
                connection,
                "insert into user_entity select (jsonb_populate_record(null::user_entity, replace(to_jsonb(t)::text,"
                        + " ?::text, n.id::text)::jsonb || jsonb_build_object('email_constraint',"
                        + " gen_random_uuid()::text))).* from user_entity t, unnest(?) as n(id) where t.id = ?::text",
                accounts);
        for (var table : Map.of("credential", true, "user_attribute", true, "user_role_mapping", false)
                .entrySet()) {
            var own = table.getValue() ? " || jsonb_build_object('id', gen_random_uuid()::text)" : "";
            each(
                    connection,
                    "insert into " + table.getKey() + " select (jsonb_populate_record(null::" + table.getKey()
                            + ", replace(to_jsonb(t)::text, ?::text, n.id::text)::jsonb" + own + ")).* from "
                            + table.getKey()
                            + " t, unnest(?) as n(id) where t.user_id = ?::text",
                    accounts);
        }
    }

    private void each(Connection connection, String insert, List<UUID> accounts) throws SQLException {
        try (var statement = connection.prepareStatement(insert)) {
            for (int from = 0; from < accounts.size(); from += BATCH) {
                var ids = accounts.subList(from, Math.min(accounts.size(), from + BATCH));
                statement.setString(1, template.toString());
                statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
                statement.setObject(3, template);
                statement.executeUpdate();
            }
        }
    }

    private Connection connect(String database) throws SQLException {
        return PostgresServer.of(region).connect(database);
    }
}
