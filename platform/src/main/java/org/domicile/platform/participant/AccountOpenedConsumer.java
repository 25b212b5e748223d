package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.region.Regions;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** "Account opened" makes the fence row, once, in the region that it names, and never revives a tombstone (rule 3). */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class AccountOpenedConsumer {
    private final Pool pool;
    private final FenceStore fences;
    private final Acks acks;
    private final Regions regions;
    private final Participant participant;

    @Inject
    AccountOpenedConsumer(Pool pool, FenceStore fences, Acks acks, Regions regions, Participant participant) {
        this.pool = pool;
        this.fences = fences;
        this.acks = acks;
        this.regions = regions;
        this.participant = participant;
    }

    /** Says that an account is at home here, if its row is OWN: for a participant that made the row without its opening. Repeatable. */
    public Uni<Void> confirm(AccountId account) {
        return pool.withTransaction(c -> fences.lock(c, account)
                .flatMap(row -> row.mode() == FenceMode.OWN
                        ? acks.reached(c, account, row)
                        : Uni.createFrom().voidItem()));
    }

    @Incoming("account-opened")
    public Uni<Void> onAccountEvent(ConsumerRecord<String, String> record) {
        return Consumption.of(record, this::open);
    }

    private Uni<Void> open(CloudEvent event) {
        if (!event.type().equals(Topics.ACCOUNT_OPENED)
                || !regions.isSelf(event.data().getString("home"))) {
            return Uni.createFrom().voidItem();
        }
        AccountId account = event.account();
        return pool.withTransaction(c -> fences.open(c, account)
                        .flatMap(made -> fences.lock(c, account))
                        .call(row -> row.epoch() == 1
                                ? acks.reached(c, account, row)
                                : Uni.createFrom().voidItem()))
                .flatMap(row -> row.epoch() == 1 && row.mode() == FenceMode.OWN
                        ? participant.opened(account, event.data())
                        : Uni.createFrom().voidItem());
    }
}
