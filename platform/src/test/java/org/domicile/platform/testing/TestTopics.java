package org.domicile.platform.testing;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CloudEvent;

/** A test's own hands and eyes on the topics of a broker. */
public final class TestTopics implements AutoCloseable {
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;
    private final List<ConsumerRecord<String, String>> seen = new ArrayList<>();

    /** @param watched topics to read from their beginning */
    public TestTopics(String bootstrap, List<String> watched) {
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                new StringSerializer(),
                new StringSerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "test-" + UUID.randomUUID(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(watched);
    }

    /** Sends an event and waits for the broker. */
    public void send(String topic, AccountId account, String type, JsonObject data) {
        raw(
                topic,
                account.toString(),
                CloudEvent.of("/test", type, account.toString(), Instant.now(), data)
                        .toJson());
    }

    public void raw(String topic, String key, String value) {
        try {
            producer.send(new ProducerRecord<>(topic, key, value)).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first record of a topic, read so far or to come, that fits. */
    public ConsumerRecord<String, String> await(String topic, Predicate<ConsumerRecord<String, String>> fits) {
        var found = new ArrayList<ConsumerRecord<String, String>>();
        Wait.until("a fitting record on " + topic, () -> {
            poll();
            seen.stream()
                    .filter(r -> r.topic().equals(topic))
                    .filter(fits)
                    .findFirst()
                    .ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    /** The first event of an account on a topic whose data fits. */
    public JsonObject await(String topic, AccountId account, Predicate<JsonObject> fits) {
        var record = await(
                topic,
                r -> r.value() != null
                        && account.toString().equals(r.key())
                        && fits.test(CloudEvent.parse(r.value()).data()));
        return CloudEvent.parse(record.value()).data();
    }

    /** Everything of an account on a topic that has been read so far, in order. */
    public List<JsonObject> of(String topic, AccountId account) {
        poll();
        return seen.stream()
                .filter(r -> r.topic().equals(topic) && account.toString().equals(r.key()))
                .map(r -> CloudEvent.parse(r.value()).data())
                .toList();
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(20)).forEach(seen::add);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        consumer.close();
    }
}
