package org.domicile.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;

/**
 * Copies accounts from one region's stores to another's by programs of the distribution: rows by {@code psql | psql}, which carries the
 * same stream that {@code pg_dump --data-only} makes ({@code pg_dump} itself refuses a server newer than it is, and takes tables whole);
 * objects by {@code rclone sync}. Nothing is stopped meanwhile, nothing is verified but what the programs verify by themselves.
 */
final class PlainCopy {
    private static final List<String> SERVICES = List.of("account", "backup", "messaging");
    private static final String SCHEMA = "plain_copy";
    private static final String BUCKET = "domicile-plain-copy";
    private static final String TRANSFERS = "8";
    private static final String TABLES = "select t.table_name from information_schema.tables t join"
            + " information_schema.columns c using (table_schema, table_name) where t.table_schema = current_schema()"
            + " and t.table_type = 'BASE TABLE' and c.column_name = 'account_id' order by 1";

    private final StackDescription.Region from;
    private final StackDescription.Region to;
    private final List<UUID> accounts;
    private final Path work;
    private final RcloneRemote source;
    private final RcloneRemote target;
    private final Map<String, String> environment = new HashMap<>();

    PlainCopy(StackDescription.Region from, StackDescription.Region to, List<UUID> accounts, Path work)
            throws IOException {
        this.from = from;
        this.to = to;
        this.accounts = List.copyOf(accounts);
        this.work = Files.createDirectories(work);
        this.source = new RcloneRemote("source", from.s3());
        this.target = new RcloneRemote("target", to.s3());
        environment.putAll(source.environment());
        environment.putAll(target.environment());
        environment.put("RCLONE_CONFIG", work.resolve("rclone.conf").toString());
    }

    /** Once, into places that were made before; what was copied is deleted again afterwards, and neither is timed. */
    LargeResults.Peer time() throws IOException, InterruptedException, SQLException {
        rclone("mkdir", target.path(BUCKET));
        Files.write(work.resolve("filter"), filter());
        try {
            var rows = Duration.ZERO;
            for (var service : SERVICES) {
                rows = rows.plus(rows(service));
            }
            var objects = rclone(
                    "sync",
                    "--transfers",
                    TRANSFERS,
                    "--checkers",
                    TRANSFERS,
                    "--s3-upload-cutoff",
                    "5G",
                    "--filter-from",
                    work.resolve("filter").toString(),
                    source.path(from.s3().bucket()),
                    target.path(BUCKET));
            return new LargeResults.Peer(seconds(rows), seconds(objects));
        } finally {
            rclone("purge", target.path(BUCKET));
            drop();
        }
    }

    private List<String> filter() {
        var rules = accounts.stream()
                .map(account -> "+ accounts/" + account + "/**")
                .collect(Collectors.toList());
        rules.add("- *");
        return rules;
    }

    private Duration rows(String service) throws IOException, InterruptedException, SQLException {
        List<String> tables;
        try (var connection = PostgresServer.of(to).connect(service)) {
            tables = tables(connection);
            make(connection, tables);
        }
        var script = Files.writeString(work.resolve(service + ".sql"), script(tables));
        var out = PostgresServer.of(from);
        var in = PostgresServer.of(to);
        var reading = new ArrayList<>(out.psql(service));
        reading.addAll(List.of("-f", script.toString()));
        var log = work.resolve(service + ".log");
        return Programs.timePipe(log, out.environment(), reading, in.environment(), in.psql(service));
    }

    /** What {@code pg_dump --data-only} writes: for each table a COPY from stdin, and the rows. */
    private String script(List<String> tables) {
        var ids = accounts.stream().map(account -> "'" + account + "'").collect(Collectors.joining(","));
        return tables.stream()
                .map(table -> "\\echo copy " + SCHEMA + "." + table + " from stdin;\ncopy (select * from " + table
                        + " where account_id in (" + ids + ")) to stdout;\n\\echo '\\\\.'\n")
                .collect(Collectors.joining());
    }

    private static void make(Connection connection, List<String> tables) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create schema " + SCHEMA);
            for (var table : tables) {
                statement.execute("create table " + SCHEMA + "." + table + " (like " + table + " including indexes)");
            }
        }
    }

    private void drop() throws SQLException {
        for (var service : SERVICES) {
            try (var connection = PostgresServer.of(to).connect(service);
                    var statement = connection.createStatement()) {
                statement.execute("drop schema if exists " + SCHEMA + " cascade");
            }
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var rows = connection.createStatement().executeQuery(TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        if (tables.isEmpty()) {
            throw new LocalFailure("There are no accounts' tables to copy.");
        }
        return tables;
    }

    private Duration rclone(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("rclone"));
        command.addAll(List.of(arguments));
        return Programs.time(work.resolve("rclone.log"), environment, command);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
