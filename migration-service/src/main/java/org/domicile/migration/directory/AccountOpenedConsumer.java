package org.domicile.migration.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.domicile.platform.region.Regions;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** "Account opened" makes the directory row, once, at the home that it names; elsewhere it means nothing (rule 3). */
@ApplicationScoped
public class AccountOpenedConsumer {
    private static final long FIRST_EPOCH = 1;

    private final Pool pool;
    private final Regions regions;
    private final DirectoryStore directory;
    private final DirectoryPublisher publisher;

    @Inject
    public AccountOpenedConsumer(Pool pool, Regions regions, DirectoryStore directory, DirectoryPublisher publisher) {
        this.pool = pool;
        this.regions = regions;
        this.directory = directory;
        this.publisher = publisher;
    }

    @Incoming("account-opened")
    public Uni<Void> onAccountEvent(ConsumerRecord<String, String> record) {
        return Consumption.of(record, this::handle);
    }

    private Uni<Void> handle(CloudEvent event) {
        return event.type().equals(Topics.ACCOUNT_OPENED)
                ? opened(event.data())
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> opened(JsonObject data) {
        var home = data.getString("home");
        if (!regions.isSelf(home)) {
            return Uni.createFrom().voidItem();
        }
        var account = AccountId.parse(data.getString("accountId"));
        return pool.withTransaction(c -> directory
                .make(c, DirectoryRow.opened(account, home, data.getString("market")))
                .flatMap(made -> made
                        ? publisher.publish(c, account, publisher.sign(account, home, home, FIRST_EPOCH))
                        : Uni.createFrom().voidItem()));
    }
}
