package org.domicile.account.testing;

import io.vertx.mutiny.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.domicile.platform.testing.TestParts;

/** All that is stored: every column of every table, and every record on every topic. */
public final class Everything {
    private Everything() {}

    /** Where one of these texts is found in clear, as text or as bytes in hex; empty if nowhere. */
    public static List<String> holding(Pool pool, String... texts) {
        var needles = new java.util.ArrayList<String>(List.of(texts));
        for (var text : texts) {
            needles.add(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
        }
        var found = new java.util.ArrayList<String>();
        for (var table : tables(pool)) {
            pool.query("select t::text as text from " + table + " t")
                    .executeAndAwait()
                    .forEach(row -> needles.stream()
                            .filter(row.getString("text")::contains)
                            .forEach(needle -> found.add(table)));
        }
        records()
                .forEach((topic, content) ->
                        needles.stream().filter(content::contains).forEach(needle -> found.add(topic)));
        return found;
    }

    private static List<String> tables(Pool pool) {
        var tables = new java.util.ArrayList<String>();
        pool.query("select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables"
                        + " where schemaname not in ('pg_catalog', 'information_schema')")
                .executeAndAwait()
                .forEach(row -> tables.add(row.getString("name")));
        return tables;
    }

    private static Map<String, String> records() {
        var config = Map.<String, Object>of(
                "bootstrap.servers", TestParts.kafka(),
                "group.id", UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .filter(p -> !p.topic().startsWith("__"))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var content = new java.util.ArrayList<Map.Entry<String, String>>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(r -> content.add(Map.entry(r.topic(), r.key() + " " + r.value())));
            }
            return content.stream()
                    .collect(Collectors.groupingBy(
                            Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.joining("\n"))));
        }
    }
}
