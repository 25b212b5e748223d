package org.domicile.local.bench.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.home.Home;

/** Accounts that the benchmark loads into a database of the region, and forgets. */
final class SeededAccounts {
    private static final String PROGRESS = "PROGRESS ";
    /** Where the service that runs keeps them, all that the phases may leave. */
    private static final List<String> TABLES =
            List.of("account", "identifier", "activity", "notice", "security_event", "fence");

    private SeededAccounts() {}

    /** The database of the keys of the accounts that are in this one. */
    static String keysOf(String database) {
        return database + "_keys";
    }

    /** As the server's administrator. */
    static Connection connect(StackDescription.Region region, String database) throws SQLException {
        var login = login(region);
        return DriverManager.getConnection(url(region, database), login[0], login[1]);
    }

    /** Makes two empty databases, the accounts' and the keys', each for its user. */
    static void create(StackDescription.Region region, String database) throws SQLException {
        drop(region, database);
        try (var connection = connect(region, "postgres");
                var statement = connection.createStatement()) {
            statement.execute("create database " + database + " owner account");
            statement.execute("create database " + keysOf(database) + " owner account_keys");
        }
    }

    static void drop(StackDescription.Region region, String database) throws SQLException {
        try (var connection = connect(region, "postgres");
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + database + " with (force)");
            statement.execute("drop database if exists " + keysOf(database) + " with (force)");
        }
    }

    /**
     * @param first number of the first one
     * @param progress gets how many are loaded
     * @return their ids, in the order of their numbers
     */
    static List<UUID> load(
            Home home,
            StackDescription.Region region,
            String database,
            Path keys,
            Path folder,
            long first,
            int count,
            IntConsumer progress)
            throws IOException, InterruptedException, SQLException {
        var login = login(region);
        var ids = folder.resolve("ids");
        var settings = new Properties();
        settings.setProperty("url", url(region, database));
        settings.setProperty("keys.url", url(region, keysOf(database)));
        settings.setProperty("user", login[0]);
        settings.setProperty("password", login[1]);
        settings.setProperty("kms", keys.toString());
        settings.setProperty("first", Long.toString(first));
        settings.setProperty("count", Integer.toString(count));
        settings.setProperty("ids", ids.toString());
        var file = OwnInstance.store(settings, folder, "generator.properties");
        var log = folder.resolve("generator.log");
        var process = new ProcessBuilder(OwnInstance.command(home, "-Xmx384m", "AccountGenerator", file))
                .redirectError(log.toFile())
                .start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines()
                    .filter(line -> line.startsWith(PROGRESS))
                    .forEach(line -> progress.accept(Integer.parseInt(line.substring(PROGRESS.length()))));
        }
        if (process.waitFor() != 0) {
            throw new LocalFailure("The accounts could not be loaded: " + Files.readString(log));
        }
        try (var connection = connect(region, database);
                var statement = connection.createStatement()) {
            statement.execute("vacuum analyze");
        }
        return Files.readAllLines(ids).stream().map(UUID::fromString).toList();
    }

    /** What of the accounts is in a database, table by table, as far as it has them. */
    static void forget(Connection connection, List<UUID> accounts, List<String> tables) throws SQLException {
        for (var table : tables) {
            try (var delete = connection.prepareStatement("delete from " + table + " where account_id = any(?)")) {
                delete.setArray(1, connection.createArrayOf("uuid", accounts.toArray()));
                delete.executeUpdate();
            }
        }
    }

    static void forget(StackDescription.Region region, List<UUID> accounts) throws SQLException {
        try (var connection = connect(region, "account");
                var keys = connect(region, keysOf("account"))) {
            forgetLedgers(connection, accounts);
            forget(connection, accounts, TABLES);
            forget(keys, accounts, List.of("wrapped_key"));
        }
    }

    /** A ledger goes as a whole and by name, see V121 of account-service. */
    private static void forgetLedgers(Connection connection, List<UUID> accounts) throws SQLException {
        connection.setAutoCommit(false);
        try (var end = connection.prepareStatement("select set_config('domicile.ledger_ends', ?, true)");
                var delete = connection.prepareStatement("delete from consent where account_id = ?")) {
            for (var account : accounts) {
                end.setString(1, account.toString());
                end.execute();
                delete.setObject(1, account);
                delete.executeUpdate();
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static String url(StackDescription.Region region, String database) {
        var rest = region.postgres().substring(region.postgres().lastIndexOf('@') + 1);
        return "jdbc:postgresql://" + rest.split("/", 2)[0] + "/" + database;
    }

    /** postgresql://user:password@host:port/name. */
    private static String[] login(StackDescription.Region region) {
        var rest = region.postgres().substring(region.postgres().indexOf("://") + 3);
        return rest.substring(0, rest.lastIndexOf('@')).split(":", 2);
    }
}
