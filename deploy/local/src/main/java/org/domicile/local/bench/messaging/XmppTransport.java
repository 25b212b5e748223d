package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;

/** ejabberd with its offline storage in the region's PostgreSQL, in a database of its own; without TLS. */
final class XmppTransport implements Transport {
    private static final String DATABASE = "bench_ejabberd";
    private static final String PASSWORD = "bench";
    private static final String PADDING = "x".repeat(180);
    private static final Path ERLANG = Path.of("/usr/lib/erlang/lib");
    private static final Path LIBRARIES = Path.of("/usr/lib/x86_64-linux-gnu");
    private static final Path SCHEMA = Path.of("/usr/share/ejabberd/sql/pg.sql");

    private final Connection database;
    private final Peer peer;
    private final int port;
    private final int senders;
    private int opened;

    XmppTransport(StackDescription.Region region, Path folder, int devices, int senders)
            throws IOException, InterruptedException, SQLException {
        var rest = region.postgres().substring(region.postgres().indexOf("://") + 3);
        var login = rest.substring(0, rest.lastIndexOf('@')).split(":", 2);
        var server = rest.substring(rest.lastIndexOf('@') + 1).split("/", 2)[0];
        try (var admin = DriverManager.getConnection("jdbc:postgresql://" + server + "/postgres", login[0], login[1]);
                var statement = admin.createStatement()) {
            statement.execute("drop database if exists " + DATABASE);
            statement.execute("create database " + DATABASE);
        }
        database = DriverManager.getConnection("jdbc:postgresql://" + server + "/" + DATABASE, login[0], login[1]);
        try (var statement = database.createStatement()) {
            statement.execute(Files.readString(SCHEMA));
            statement.execute("insert into users (username, password) select 'd' || n, '" + PASSWORD
                    + "' from generate_series(0, " + devices + ") n");
            statement.execute("insert into users (username, password) select 's' || n, '" + PASSWORD
                    + "' from generate_series(0, " + 4 * senders + ") n");
        }
        this.senders = senders;
        port = Peer.freePort();
        Files.createDirectories(folder);
        var configuration = Files.writeString(folder.resolve("ejabberd.yml"), """
                hosts: [localhost]
                loglevel: 3
                default_db: sql
                auth_method: [sql]
                auth_password_format: plain
                sql_type: pgsql
                sql_server: "%s"
                sql_port: %s
                sql_database: "%s"
                sql_username: "%s"
                sql_password: "%s"
                sql_pool_size: 12
                listen:
                  - {port: %d, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, shaper: none}
                shaper_rules: {max_user_offline_messages: infinity}
                modules:
                  mod_offline: {access_max_user_messages: max_user_offline_messages}
                """.formatted(
                        server.split(":")[0], server.split(":")[1], DATABASE, login[0], login[1], port));
        peer = Peer.start(
                folder,
                port,
                Map.of(
                        "EJABBERD_CONFIG_PATH", configuration.toString(),
                        "EJABBERD_LOG_PATH", folder.resolve("ejabberd.log").toString(),
                        "ERL_LIBS", LIBRARIES.toString(),
                        "HOME", folder.toString()),
                "erl",
                "-noinput",
                "+K",
                "true",
                "-mnesia",
                "dir",
                "\"" + folder + "\"",
                "-s",
                "ejabberd");
    }

    /** What to install where it cannot be run. */
    static Optional<String> missing() throws IOException {
        return Files.exists(SCHEMA) && holds(ERLANG, "p1_pgsql") && holds(LIBRARIES, "ejabberd-")
                ? Optional.empty()
                : Optional.of("ejabberd is left out: apt-get install ejabberd erlang-p1-pgsql brings it.");
    }

    private static boolean holds(Path folder, String beginning) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var all = Files.list(folder)) {
            return all.anyMatch(path -> path.getFileName().toString().startsWith(beginning));
        }
    }

    @Override
    public String name() {
        return "ejabberd";
    }

    @Override
    public String promise() {
        return "none to the sender; offline messages in PostgreSQL, online ones in memory";
    }

    /** Without an answer to each message, what is stored is counted in the database. */
    @Override
    public void awaitStored(long messages) throws IOException {
        try (var statement = database.createStatement()) {
            while (true) {
                try (var rows = statement.executeQuery("select count(*) from spool")) {
                    rows.next();
                    if (rows.getLong(1) >= messages) {
                        return;
                    }
                }
                Thread.sleep(20);
            }
        } catch (SQLException e) {
            throw new LocalFailure("ejabberd's database cannot be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException();
        }
    }

    @Override
    public synchronized Sender sender() throws IOException {
        var wire = signIn("s" + opened++ % (4 * senders));
        return new Sender() {
            @Override
            public void send(int device, long number) throws IOException {
                write(
                        wire,
                        "<message to='d" + device + "@localhost' type='chat'><body>" + number + "." + PADDING
                                + "</body></message>");
            }

            @Override
            public void close() throws IOException {
                wire.close();
            }
        };
    }

    @Override
    public Receiver receiver(int device, Arrival arrival) throws IOException {
        var wire = signIn("d" + device);
        write(wire, "<presence/>");
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    until(wire, "<body>");
                    arrival.arrived(Long.parseLong(until(wire, ".").replace(".", "")));
                }
            } catch (IOException e) {
                // closed by the benchmark
            }
        });
        return wire::close;
    }

    private Wire signIn(String user) throws IOException {
        var wire = new Wire(port, null);
        open(wire);
        var login =
                Base64.getEncoder().encodeToString(("\0" + user + "\0" + PASSWORD).getBytes(StandardCharsets.US_ASCII));
        write(wire, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + login + "</auth>");
        if (until(wire, ">").contains("failure")) {
            throw new IOException("ejabberd refused " + user);
        }
        open(wire);
        write(
                wire,
                "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>");
        until(wire, "</iq>");
        return wire;
    }

    private static void open(Wire wire) throws IOException {
        write(
                wire,
                "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
                        + " version='1.0'>");
        until(wire, "</stream:features>");
    }

    private static void write(Wire wire, String text) throws IOException {
        wire.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String until(Wire wire, String mark) throws IOException {
        var text = new StringBuilder();
        while (text.length() < mark.length() || text.lastIndexOf(mark) != text.length() - mark.length()) {
            text.append((char) wire.read());
        }
        return text.toString();
    }

    @Override
    public void close() throws InterruptedException {
        peer.close();
        try {
            database.close();
        } catch (SQLException e) {
            throw new LocalFailure("ejabberd's database cannot be left: " + e.getMessage(), e);
        }
    }
}
