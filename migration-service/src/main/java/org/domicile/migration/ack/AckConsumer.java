package org.domicile.migration.ack;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.region.Regions;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code residency.acks} of this region. A participant speaks for itself only. */
@ApplicationScoped
public class AckConsumer {
    private final AckIntake intake;
    private final WireFormat wire;
    private final Regions regions;

    @Inject
    public AckConsumer(AckIntake intake, WireFormat wire, Regions regions) {
        this.intake = intake;
        this.wire = wire;
        this.regions = regions;
    }

    @Incoming("residency-acks")
    public Uni<Void> onAck(ConsumerRecord<String, String> record) {
        return Consumption.of(record, this::handle);
    }

    private Uni<Void> handle(CloudEvent event) {
        if (!event.type().equals(Topics.ACK_V1)) {
            return Uni.createFrom().voidItem();
        }
        var ack = wire.read(event.data(), FenceAck.class);
        var source = "/" + ack.region() + "/" + ack.service();
        if (!regions.isSelf(ack.region()) || !source.equals(event.source())) {
            throw new IllegalArgumentException(event.source() + " reports for " + source);
        }
        return intake.take(ack);
    }
}
