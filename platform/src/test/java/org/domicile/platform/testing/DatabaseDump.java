package org.domicile.platform.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;

/** A logical backup of a test database: what {@code pg_dump} writes, table by table, restored into a database of its own. */
public final class DatabaseDump {
    private final Map<String, byte[]> tables = new LinkedHashMap<>();
    private final List<String> migrations;

    private DatabaseDump(List<String> migrations) {
        this.migrations = migrations;
    }

    /** @param migrations Flyway locations that make the schema */
    public static DatabaseDump of(String database, String... migrations) {
        var dump = new DatabaseDump(List.of(migrations));
        try (var connection = connect(database)) {
            for (var table : dump.columns(connection).entrySet()) {
                var out = new ByteArrayOutputStream();
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("copy " + table.getKey() + " (" + table.getValue() + ") to stdout", out);
                dump.tables.put(table.getKey(), out.toByteArray());
            }
            return dump;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the new database's name */
    public String restore(String name) {
        var database = TestParts.database(name);
        Flyway.configure()
                .dataSource(url(database), "postgres", "postgres")
                .locations(migrations.toArray(String[]::new))
                .load()
                .migrate();
        try (var connection = connect(database)) {
            for (var table : columns(connection).entrySet()) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "copy " + table.getKey() + " (" + table.getValue() + ") from stdin",
                                new ByteArrayInputStream(tables.get(table.getKey())));
            }
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> columns(Connection connection) throws SQLException {
        var columns = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select table_name, string_agg(column_name, ', ') as columns"
                        + " from information_schema.columns join information_schema.tables using (table_schema, table_name)"
                        + " where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER'"
                        + " and table_name <> 'flyway_schema_history' group by 1 order by 1")) {
            while (rows.next()) {
                columns.put(rows.getString("table_name"), rows.getString("columns"));
            }
        }
        return columns;
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), "postgres", "postgres");
    }

    private static String url(String database) {
        return "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/" + database;
    }
}
