package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes the commands addressed to this participant; one that its issuer did not sign goes to the dead letters. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class CommandConsumer {
    private final Regions regions;
    private final ServiceIdentity identity;
    private final CommandExecutor executor;

    @Inject
    CommandConsumer(Regions regions, ServiceIdentity identity, CommandExecutor executor) {
        this.regions = regions;
        this.identity = identity;
        this.executor = executor;
    }

    @Incoming("residency-commands")
    public Uni<Void> onCommand(ConsumerRecord<String, String> record) {
        return Consumption.of(record, event -> execute(event.data().getString("jws")));
    }

    Uni<Void> execute(String jws) {
        return isAddressedHere(SignedDocument.claimedPayload(jws))
                ? executor.execute(verified(regions, jws), jws)
                : Uni.createFrom().voidItem();
    }

    /** Braces for the freeze that is about to come. */
    Uni<Void> brace(String jws) {
        return isAddressedHere(SignedDocument.claimedPayload(jws))
                ? executor.brace(verified(regions, jws), jws)
                : Uni.createFrom().voidItem();
    }

    /** Looked at before the signature: two of three commands are for another service, which checks them. */
    private boolean isAddressedHere(JsonObject claimed) {
        return identity.service().equals(claimed.getString("service")) && regions.isSelf(claimed.getString("region"));
    }

    /** @throws InvalidSignature if the region that the command names as its issuer did not sign it */
    static FenceCommand verified(Regions regions, String jws) {
        var command = regions.verify(jws).mapTo(FenceCommand.class);
        if (!command.issuer().equals(SignedDocument.claimedKeyId(jws))) {
            throw new InvalidSignature("a command of " + command.issuer() + " is signed by another region");
        }
        return command;
    }
}
