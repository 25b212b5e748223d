package org.domicile.account.consent;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Topics;

/**
 * The newest entry of each ledger as {@code consent.state} has it, outside the database that holds the ledgers: what was published is
 * in its ledger for ever, so that one that was cut, removed or written anew is seen.
 */
@ApplicationScoped
public class PublishedHeads {
    private static final int LIMIT = 1_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, Object> kafka;
    private final Vertx vertx;

    @Inject
    public PublishedHeads(@Identifier("default-kafka-broker") Map<String, Object> kafka, Vertx vertx) {
        this.kafka = kafka;
        this.vertx = vertx;
    }

    /** The newest entry of a ledger when it was published. */
    record Head(AccountId account, long sequence, String hash) {}

    /** Where a reading goes on. */
    record Position(int partition, long offset) {}

    /** @param next null after the last */
    record Page(List<Head> heads, Position next) {}

    /** Some records of the topic; one reading after the other gives all. */
    Uni<Page> from(Position position) {
        return vertx.executeBlocking(() -> read(position));
    }

    private Page read(Position from) {
        try (var consumer = consumer()) {
            var partitions = consumer.partitionsFor(Topics.CONSENT_STATE).size();
            if (from.partition() >= partitions) {
                return new Page(List.of(), null);
            }
            var partition = new TopicPartition(Topics.CONSENT_STATE, from.partition());
            var all = List.of(partition);
            consumer.assign(all);
            consumer.seek(
                    partition,
                    Math.max(from.offset(), consumer.beginningOffsets(all).get(partition)));
            long end = consumer.endOffsets(all).get(partition);
            var heads = new ArrayList<Head>();
            while (heads.size() < LIMIT && consumer.position(partition) < end) {
                for (var record : consumer.poll(POLL)) {
                    head(record.value()).ifPresent(heads::add);
                }
            }
            return new Page(heads, next(from.partition(), consumer.position(partition), end, partitions));
        }
    }

    private static Position next(int partition, long offset, long end, int partitions) {
        if (offset < end) {
            return new Position(partition, offset);
        }
        return partition + 1 < partitions ? new Position(partition + 1, 0) : null;
    }

    /** Empty for an account that is gone, and for one without any decision. */
    static Optional<Head> head(String value) {
        if (value == null) {
            return Optional.empty();
        }
        var data = CloudEvent.parse(value).data();
        return entries(data)
                .filter(entry -> entry.getString("hash") != null)
                .max(Comparator.comparing(entry -> entry.getLong("sequence")))
                .map(newest -> new Head(
                        AccountId.parse(data.getString("accountId")),
                        newest.getLong("sequence"),
                        newest.getString("hash")));
    }

    private static Stream<JsonObject> entries(JsonObject data) {
        var features = data.getJsonObject("features");
        return features.fieldNames().stream().map(features::getJsonObject);
    }

    private KafkaConsumer<String, String> consumer() {
        var config = new HashMap<>(kafka);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, LIMIT);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }
}
