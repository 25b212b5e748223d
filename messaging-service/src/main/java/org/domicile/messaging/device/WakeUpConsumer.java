package org.domicile.messaging.device;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.domicile.messaging.instance.WakeUps;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What the other instances say. Every instance reads the whole topic from when it began; what was said before, or while its position
 * was not known, its connections find out by reading their rows.
 */
@ApplicationScoped
@Identifier("wake-ups")
public class WakeUpConsumer implements KafkaConsumerRebalanceListener {
    private final Presence presence;

    @Inject
    public WakeUpConsumer(Presence presence) {
        this.presence = presence;
    }

    @Incoming("wake-ups")
    public Uni<Void> onEvent(ConsumerRecord<String, String> record) {
        return Consumption.of(record, event -> {
            switch (event.type()) {
                case WakeUps.WAKE_UP -> wakeUp(event);
                case WakeUps.ACCOUNT_CHANGED -> presence.lookAgain(event.account());
                default -> {}
            }
            return Uni.createFrom().voidItem();
        });
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        presence.wakeAll();
    }

    private void wakeUp(CloudEvent event) {
        presence.wake(
                DeviceId.parse(event.data().getString("deviceId")), event.data().getLong("connection"));
    }
}
