package org.domicile.migration.testing;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.platform.event.CloudEvent;
import org.eclipse.microprofile.config.ConfigProvider;

/** The region's Kafka, as the services around migration-service use it: they hear commands and report acks. */
public final class RegionTopics implements AutoCloseable {
    private static final List<String> HEARD =
            List.of("residency.commands", "residency.directory", "migration.events", "erasure.list");

    /** An event and the topic it came on. */
    public record Heard(String topic, CloudEvent event) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final List<String> deleted = new CopyOnWriteArrayList<>();
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;
    private final Thread reader;

    public RegionTopics() {
        var properties = new Properties();
        properties.put(
                "bootstrap.servers", ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        var partitions = HEARD.stream()
                .flatMap(topic -> IntStream.range(0, 3).mapToObj(p -> new TopicPartition(topic, p)))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        reader = Thread.ofPlatform().start(this::read);
    }

    public List<Heard> heard() {
        return heard;
    }

    /** Keys that were deleted from a compacted topic. */
    public List<String> deleted() {
        return deleted;
    }

    public void publish(String topic, String service, String type, String account, JsonObject data) {
        var event = CloudEvent.of("/cn-north/" + service, type, account, Instant.now(), data);
        producer.send(new ProducerRecord<>(topic, account, event.toJson()));
        producer.flush();
    }

    @Override
    public void close() throws Exception {
        consumer.wakeup();
        reader.join();
        consumer.close();
        producer.close();
    }

    private void read() {
        try {
            while (true) {
                consumer.poll(Duration.ofSeconds(1)).forEach(r -> {
                    if (r.value() == null) {
                        deleted.add(r.key());
                    } else {
                        heard.add(new Heard(r.topic(), CloudEvent.parse(r.value())));
                    }
                });
            }
        } catch (WakeupException e) {
            // closed
        }
    }
}
