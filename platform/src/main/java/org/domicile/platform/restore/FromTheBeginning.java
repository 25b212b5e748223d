package org.domicile.platform.restore;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A restored database is behind the consumer groups, whose positions Kafka keeps: after {@link #all()} every channel takes its topics
 * again from their beginning, once. Handlers are idempotent.
 */
@ApplicationScoped
@Identifier("from-the-beginning")
public class FromTheBeginning implements KafkaConsumerRebalanceListener {
    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private volatile boolean restored;

    public void all() {
        restored = true;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (restored) {
            var group = consumer.groupMetadata().groupId();
            consumer.seekToBeginning(
                    partitions.stream().filter(p -> done.add(group + " " + p)).toList());
        }
    }
}
