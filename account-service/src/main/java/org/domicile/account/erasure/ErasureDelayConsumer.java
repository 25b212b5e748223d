package org.domicile.account.erasure;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** What migration-service says of erasures that it may not begin yet (rule 13): their owners are told. */
@ApplicationScoped
public class ErasureDelayConsumer {
    private static final Logger LOG = Logger.getLogger(ErasureDelayConsumer.class);

    private final Erasures erasures;

    @Inject
    public ErasureDelayConsumer(Erasures erasures) {
        this.erasures = erasures;
    }

    @Incoming("erasure-delayed")
    public Uni<Void> onMigrationEvent(ConsumerRecord<String, String> record) {
        return Consumption.of(
                record,
                event -> event.type().equals(Topics.ERASURE_DELAYED)
                        ? delayed(event)
                        : Uni.createFrom().voidItem());
    }

    /** An account that is frozen or elsewhere by now is left alone: as long as the erasure waits, it is said again. */
    private Uni<Void> delayed(CloudEvent event) {
        var account = event.account();
        return erasures.delayed(
                        account,
                        UUID.fromString(event.data().getString("erasureId")),
                        Instant.parse(event.data().getString("at")))
                .onFailure(ProblemException.class)
                .invoke(f -> LOG.infof("delay of an erasure not noted now account=%s reason=%s", account, f))
                .onFailure(ProblemException.class)
                .recoverWithNull();
    }
}
