package org.domicile.platform.restore;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics without a consumer group: what a database has taken of them, the database remembers, or it takes all. One thread uses it. */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<String, String> consumer;

    /** @param kafka how to connect */
    public TopicReader(Map<String, Object> kafka) {
        var config = new HashMap<>(kafka);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    /** Partitions of the topics whose whole name matches. */
    public List<TopicPartition> partitions(Pattern topics) {
        return consumer.listTopics().entrySet().stream()
                .filter(t -> topics.matcher(t.getKey()).matches())
                .flatMap(t -> t.getValue().stream())
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
    }

    /** Everything from the beginning to the end that there is now. */
    public void readAll(Pattern topics, Consumer<ConsumerRecord<String, String>> handler) {
        var partitions = partitions(topics);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        readToTheEnd(partitions, handler);
    }

    /** Goes on from these positions; a topic that was made anew, as in another cluster, is read from its beginning. */
    public void assign(Collection<TopicPartition> partitions, Map<TopicPartition, Long> positions) {
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions);
        for (var partition : partitions) {
            long position = positions.getOrDefault(partition, 0L);
            consumer.seek(partition, position > ends.get(partition) ? 0 : position);
        }
    }

    /** From where the assigned partitions stand to the end that there is now. */
    public void readToTheEnd(Collection<TopicPartition> partitions, Consumer<ConsumerRecord<String, String>> handler) {
        var ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            read(handler);
        }
    }

    /** What comes within a moment. @throws org.apache.kafka.common.errors.WakeupException after {@link #wakeup} */
    public void read(Consumer<ConsumerRecord<String, String>> handler) {
        consumer.poll(POLL).forEach(handler);
    }

    /** Ends a read that another thread is in. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
