package org.domicile.local.doctor;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** PostgreSQL as a service reaches it: version, TLS of this very connection, a standby that commits with it, its clock. */
final class DatabaseCheck {
    private static final String PART = "PostgreSQL";
    private static final int LEAST = 18;

    private final RegionFile region;
    private final Clock clock;

    DatabaseCheck(RegionFile region, Clock clock) {
        this.region = region;
        this.clock = clock;
    }

    List<Finding> findings() {
        var login = new Properties();
        region.text("quarkus.datasource.username").ifPresent(user -> login.setProperty("user", user));
        region.text("quarkus.datasource.password").ifPresent(secret -> login.setProperty("password", secret));
        login.setProperty("connectTimeout", "30");
        login.setProperty("socketTimeout", "30");
        var url = region.text("quarkus.datasource.jdbc.url").orElse("");
        try (var connection = DriverManager.getConnection(url, login)) {
            return look(connection);
        } catch (SQLException e) {
            return List.of(Finding.failed(
                    PART, "sign-in", e.getMessage(), "check quarkus.datasource.jdbc.url, username and password"));
        }
    }

    private List<Finding> look(Connection connection) throws SQLException {
        var findings = new ArrayList<Finding>();
        findings.add(version(Integer.parseInt(text(connection, "show server_version_num"))));
        findings.add(tls(
                text(connection, "select coalesce(version, 'none') from pg_stat_ssl where pid = pg_backend_pid()")));
        findings.add(standby(text(connection, "show synchronous_standby_names")));
        var before = clock.instant();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            var read = row.getObject(1, OffsetDateTime.class).toInstant();
            findings.add(Skew.of(PART, before, read, read, clock.instant()));
        }
        return findings;
    }

    static Finding version(int number) {
        return Finding.of(
                PART,
                "version",
                number / 10_000 >= LEAST,
                number / 10_000 + "." + number % 10_000,
                "install PostgreSQL " + LEAST + " or newer");
    }

    static Finding tls(String version) {
        return Finding.of(
                PART,
                "TLS",
                version.equals("TLSv1.3"),
                version,
                "give the server a certificate, and set sslmode=verify-full in quarkus.datasource.jdbc.url");
    }

    /** A provider may replicate below PostgreSQL, where it cannot be seen. */
    static Finding standby(String names) {
        return names.isEmpty()
                ? new Finding(
                        PART,
                        "synchronous standby",
                        Finding.Verdict.WARNING,
                        "none is named",
                        "set synchronous_standby_names, unless the provider replicates the storage to another zone")
                : Finding.ok(PART, "synchronous standby", names);
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
