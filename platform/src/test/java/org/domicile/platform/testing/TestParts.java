package org.domicile.platform.testing;

import io.kroxylicious.testing.kafka.api.KafkaCluster;
import io.kroxylicious.testing.kafka.api.TerminationStyle;
import io.kroxylicious.testing.kafka.common.KafkaClusterConfig;
import io.kroxylicious.testing.kafka.common.KafkaClusterExecutionMode;
import io.kroxylicious.testing.kafka.common.KafkaClusterFactory;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL, started once per test JVM, and a real Kafka broker, once per application in it; both end with the JVM. */
public final class TestParts {
    private static final List<String> TOPICS = List.of(
            "account.events",
            "consent.state",
            "device.state",
            "residency.directory",
            "residency.commands",
            "residency.acks",
            "erasure.list",
            "backup.events",
            "messaging.events",
            "messaging.wakeups",
            "migration.jobs",
            "migration.events",
            "dead-letters");

    /** Bytes of the test's own heap; Kafka's default of 128 MiB a broker fills it once several applications ran in one JVM. */
    private static final String CLEANER_BUFFER = "2097152";

    private static KafkaCluster kafka;

    private TestParts() {}

    /** What the applications of this test JVM share: Quarkus loads the classes of the tests, with their statics, for each of them again. */
    public static String shared(String name, Supplier<String> make) {
        var key = "test-parts." + name;
        if (System.getProperty(key) == null) {
            System.setProperty(key, make.get());
        }
        return System.getProperty(key);
    }

    /** As the services connect to a database of the shared server, for parts that are made without them. */
    public static PgConnectOptions connection(String database) {
        return new PgConnectOptions()
                .setHost("localhost")
                .setPort(postgresPort())
                .setDatabase(database)
                .setUser("postgres")
                .setPassword("postgres")
                .addProperty("TimeZone", "UTC");
    }

    /** A fresh database on the shared server. */
    public static synchronized String database(String name) {
        var server = new PGSimpleDataSource();
        server.setPortNumbers(new int[] {postgresPort()});
        server.setUser("postgres");
        var database = name + "_" + Long.toString(System.nanoTime(), 36);
        try (var connection = server.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create database " + database);
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static synchronized int postgresPort() {
        return Integer.parseInt(shared("postgres", TestParts::startPostgres));
    }

    private static String startPostgres() {
        try {
            var postgres = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("fsync", "off")
                    // no service may depend on the server's own
                    .setServerConfig("timezone", "Asia/Kolkata")
                    .start();
            return Integer.toString(postgres.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bootstrap servers of the broker; all of the product's topics exist. */
    public static synchronized String kafka() {
        if (kafka == null) {
            kafka = KafkaClusterFactory.create(KafkaClusterConfig.builder()
                    .kraftMode(true)
                    .execMode(KafkaClusterExecutionMode.IN_VM)
                    .brokerConfig("auto.create.topics.enable", "false")
                    .brokerConfig("log.cleaner.dedupe.buffer.size", CLEANER_BUFFER)
                    .build());
            kafka.start();
            createTopics();
        }
        return kafka.getBootstrapServers();
    }

    /** For fault tests: stops the broker and starts it again, with its data and at its address. */
    public static synchronized void restartKafka() {
        kafka.stopNodes(node -> true, TerminationStyle.GRACEFUL);
        kafka.startNodes(node -> true);
    }

    /** A folder for certificates, keys and lists, deleted by the build's clean. */
    public static Path folder() {
        return Path.of(shared("folder", TestParts::newFolder));
    }

    private static String newFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "parts")
                    .toAbsolutePath()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createTopics() {
        try (var admin = Admin.create(kafka.getKafkaClientConfiguration())) {
            admin.createTopics(TOPICS.stream()
                            .map(t -> new NewTopic(t, Optional.of(3), Optional.empty()))
                            .toList())
                    .all()
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(e);
            }
        }
    }
}
