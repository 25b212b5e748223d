package org.domicile.system;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.domicile.local.StackDescription;

/** What a region has that names an account, whatever table or column it is in: every row of every database as text, every topic. */
final class Leftovers {
    private static final List<String> DATABASES =
            List.of("account", "account_keys", "backup", "backup_keys", "messaging", "migration", "keycloak", "shop");

    private final StackDescription.Region region;
    private final UUID account;

    Leftovers(StackDescription.Region region, UUID account) {
        this.region = region;
        this.account = account;
    }

    /** Table → rows. */
    Map<String, Long> rows() throws SQLException {
        var found = new TreeMap<String, Long>();
        for (var database : DATABASES) {
            try (var connection = Databases.connect(region, database);
                    var statement = connection.createStatement();
                    var tables = statement.executeQuery("select table_name from information_schema.tables"
                            + " where table_schema = 'public' and table_type = 'BASE TABLE'")) {
                while (tables.next()) {
                    var rows = count(connection, tables.getString(1));
                    if (rows > 0) {
                        found.put(database + "." + tables.getString(1), rows);
                    }
                }
            }
        }
        return found;
    }

    /** Topic → the newest value of the account's key there, which is empty where it is deleted. */
    Map<String, Optional<String>> newestRecords() throws IOException {
        var newest = new TreeMap<String, Optional<String>>();
        for (var record : TopicRecords.of(region)) {
            if (account.toString().equals(record.key())) {
                newest.put(record.topic(), Optional.ofNullable(record.value()));
            }
        }
        return newest;
    }

    private long count(Connection connection, String table) throws SQLException {
        try (var query = connection.prepareStatement("select count(*) from \"" + table + "\" t"
                + " where position(? in t::text) > 0 or position(? in t::text) > 0")) {
            query.setString(1, account.toString());
            query.setString(2, account.toString().replace("-", ""));
            try (var result = query.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }
}
