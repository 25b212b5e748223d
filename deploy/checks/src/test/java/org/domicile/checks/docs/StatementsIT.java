package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.domicile.checks.Sources;
import org.domicile.checks.docs.Statements.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every statement of the runbooks is run by PostgreSQL, on the schema of the service that it is for, and taken back. */
class StatementsIT {
    private static final Sources SOURCES = Sources.here();
    private static final Map<String, String> MODULES = Map.of(
            "account", "account-service",
            "backup", "cloud-backup-service",
            "messaging", "messaging-service",
            "migration", "migration-service");
    private static final String RESOURCES = "/src/main/resources/";

    private static EmbeddedPostgres server;

    @BeforeAll
    static void migrate() throws IOException, SQLException {
        server = EmbeddedPostgres.start();
        for (var service : MODULES.keySet()) {
            try (var connection = server.getPostgresDatabase().getConnection();
                    var create = connection.createStatement()) {
                create.execute("create database " + service);
            }
            Flyway.configure()
                    .dataSource(server.getDatabase("postgres", service))
                    .locations(scripts(MODULES.get(service)))
                    .outOfOrder(true)
                    .load()
                    .migrate();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void every_statement_runs() {
        var statements = SOURCES.files("docs/runbooks", ".md").stream()
                .flatMap(f -> Statements.of(SOURCES.relative(f), SOURCES.read(SOURCES.relative(f))).stream())
                .toList();

        assertTrue(statements.size() > 10, statements.toString());
        assertEquals(
                List.of(), statements.stream().flatMap(s -> failure(s).stream()).toList());
    }

    @Test
    void a_statement_that_does_not_run_is_found() {
        var planted = Statements.of("planted.md", """
                kubectl -n domicile exec account-db-1 -- psql account -c "select at, lost from outbox"
                kubectl -n domicile exec account-db-1 -- psql -c "select 1"
                """);

        assertEquals(
                List.of("planted.md: ERROR: column \"lost\" does not exist"),
                planted.stream().flatMap(s -> failure(s).stream()).toList());
    }

    private static Optional<String> failure(Statement of) {
        try (var connection = server.getDatabase("postgres", of.database().orElse("postgres"))
                        .getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(of.sql());
            connection.rollback();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(
                    of.page() + ": " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    /** Where the service's own configuration says, in its module or the platform's. */
    private static String[] scripts(String module) {
        var settings = new Properties();
        try {
            settings.load(new StringReader(SOURCES.read(module + RESOURCES + "application.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.stream(settings.getProperty("quarkus.flyway.locations").split(","))
                .map(folder -> SOURCES.path(module + RESOURCES + folder))
                .map(folder -> Files.exists(folder)
                        ? folder
                        : SOURCES.path("platform" + RESOURCES + "db/" + folder.getFileName()))
                .map(folder -> "filesystem:" + folder)
                .toArray(String[]::new);
    }
}
