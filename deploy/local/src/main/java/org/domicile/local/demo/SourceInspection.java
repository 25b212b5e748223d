package org.domicile.local.demo;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.domicile.local.StackDescription;

/**
 * What a region still holds of an account, found by looking at its servers themselves: every table of every database that has an
 * account id, the object store's files, Keycloak's own tables, and every record of every topic. Shares no code with the purge.
 *
 * @param rows table → rows with the account's id, those that must be gone
 * @param tombstones table → rows that stay on purpose: fence, directory, and the move's own record
 * @param objects objects under the account's prefix
 * @param records topic → records keyed by the account
 */
public record SourceInspection(
        Map<String, Long> rows, Map<String, Long> tombstones, long objects, Map<String, Long> records) {
    private static final List<String> DATABASES =
            List.of("account", "account_keys", "backup", "backup_keys", "messaging", "migration", "keycloak");
    /** What stays: ids, states, epochs and digests, no content. */
    private static final List<String> KEPT = List.of(
            "account.fence",
            "account.residency",
            "account.transfer",
            "backup.fence",
            "backup.residency",
            "backup.transfer",
            "messaging.fence",
            "messaging.residency",
            "messaging.transfer");

    public static SourceInspection of(StackDescription.Region region, Path objectStore, UUID account)
            throws SQLException, IOException {
        var rows = new TreeMap<String, Long>();
        var tombstones = new TreeMap<String, Long>();
        for (var database : DATABASES) {
            try (var connection = connect(region.postgres(), database)) {
                for (var column : accountColumns(connection, database)) {
                    long count = count(connection, column, account);
                    var name = database + "." + column.table();
                    if (count > 0) {
                        var kept = KEPT.contains(name) || database.equals("migration");
                        (kept ? tombstones : rows).put(name, count);
                    }
                }
            }
        }
        return new SourceInspection(rows, tombstones, objects(objectStore, account), records(region, account));
    }

    public long rowsLeft() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    private record Column(String table, String column) {}

    private static List<Column> accountColumns(Connection connection, String database) throws SQLException {
        var wanted = database.equals("keycloak")
                ? "(c.column_name = 'user_id' or (c.table_name = 'user_entity' and c.column_name = 'id'))"
                : "c.column_name = 'account_id'";
        var columns = new ArrayList<Column>();
        try (var statement = connection.prepareStatement("select c.table_name, c.column_name"
                        + " from information_schema.columns c"
                        + " join information_schema.tables t using (table_schema, table_name)"
                        + " where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and " + wanted);
                var result = statement.executeQuery()) {
            while (result.next()) {
                columns.add(new Column(result.getString(1), result.getString(2)));
            }
        }
        return columns;
    }

    private static long count(Connection connection, Column column, UUID account) throws SQLException {
        var sql = "select count(*) from \"" + column.table() + "\" where \"" + column.column() + "\"::text = ?";
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, account.toString());
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    private static Connection connect(String url, String database) throws SQLException {
        // postgresql://user:password@host:port/name
        var rest = url.substring(url.indexOf("://") + 3);
        var login = rest.substring(0, rest.lastIndexOf('@')).split(":", 2);
        var server = rest.substring(rest.lastIndexOf('@') + 1).split("/", 2)[0];
        return DriverManager.getConnection("jdbc:postgresql://" + server + "/" + database, login[0], login[1]);
    }

    private static long objects(Path store, UUID account) throws IOException {
        if (!Files.isDirectory(store)) {
            throw new IOException("The object store's folder " + store + " is missing.");
        }
        try (var files = Files.walk(store)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().contains(account.toString()))
                    .count();
        }
    }

    private static Map<String, Long> records(StackDescription.Region region, UUID account) throws IOException {
        var config = new Properties();
        try (var file = new FileInputStream(region.kafkaClient())) {
            config.load(file);
        }
        config.put("bootstrap.servers", region.kafka());
        var counts = new TreeMap<String, Long>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.listTopics().entrySet().stream()
                    .filter(t -> !t.getKey().startsWith("__") && !t.getKey().startsWith("mm2-"))
                    .flatMap(t -> t.getValue().stream())
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (account.toString().equals(record.key())) {
                        counts.merge(record.topic(), 1L, Long::sum);
                    }
                });
            }
        }
        return counts;
    }
}
