package org.domicile.account.testing;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.TestParts;

/** Reads what was published about an account. */
public final class TopicReader {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private TopicReader() {}

    /** The data of the account's events on a topic, in order, read until one satisfies the condition. */
    public static List<JsonObject> until(String topic, AccountId account, Predicate<JsonObject> last) {
        var found = new ArrayList<JsonObject>();
        var config = Map.<String, Object>of(
                "bootstrap.servers", TestParts.kafka(),
                "group.id", UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest");
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (account.toString().equals(record.key()) && record.value() != null) {
                        var data = new JsonObject(record.value()).getJsonObject("data");
                        found.add(data);
                        if (last.test(data)) {
                            return found;
                        }
                    }
                }
            }
        }
        throw new AssertionError("not published on " + topic + " within " + LIMIT + "; found " + found);
    }
}
