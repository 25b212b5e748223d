package org.domicile.platform.residency;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.event.Consumption;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Projects {@code residency.directory}, this region's own and the mirrored ones. A forged or stale row changes nothing. */
@ApplicationScoped
public class ResidencyConsumer {
    private final Residencies residencies;

    @Inject
    public ResidencyConsumer(Residencies residencies) {
        this.residencies = residencies;
    }

    @Incoming("residency-directory")
    public Uni<Void> onDirectoryRow(ConsumerRecord<String, String> record) {
        return Consumption.of(record, event -> residencies.learn(event.data().getString("jws")));
    }
}
