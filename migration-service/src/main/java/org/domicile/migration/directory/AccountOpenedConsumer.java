package org.domicile.migration.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.domicile.platform.region.Regions;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** "Account opened" makes the directory row, once, at the home that it names; elsewhere it means nothing (rule 3). */
@ApplicationScoped
public class AccountOpenedConsumer {
    private static final long FIRST_EPOCH = 1;

    private final Pool pool;
    private final Regions regions;
    private final DirectoryStore directory;
    private final DirectoryPublisher publisher;
    private final Residencies residencies;

    @Inject
    public AccountOpenedConsumer(
            Pool pool,
            Regions regions,
            DirectoryStore directory,
            DirectoryPublisher publisher,
            Residencies residencies) {
        this.pool = pool;
        this.regions = regions;
        this.directory = directory;
        this.publisher = publisher;
        this.residencies = residencies;
    }

    @Incoming("account-opened")
    public Uni<Void> onAccountEvent(ConsumerRecord<String, String> record) {
        return Consumption.of(record, this::handle);
    }

    private Uni<Void> handle(CloudEvent event) {
        return event.type().equals(Topics.ACCOUNT_OPENED)
                        && regions.isSelf(event.data().getString("home"))
                ? pool.withTransaction(c -> opened(c, event))
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> opened(SqlConnection connection, CloudEvent event) {
        var account = AccountId.parse(event.data().getString("accountId"));
        return residencies.of(connection, account).flatMap(known -> row(connection, account, event, known)
                .flatMap(row -> directory
                        .make(connection, row)
                        .flatMap(made -> made && known.isEmpty()
                                ? publish(connection, row)
                                : Uni.createFrom().voidItem())));
    }

    /** An account that was opened after the backup of a restored database may have been moved, and ordered about, since. */
    private Uni<DirectoryRow> row(
            SqlConnection connection, AccountId account, CloudEvent event, Optional<Residency> known) {
        var market = event.data().getString("market");
        var elsewhere = known.filter(residency -> !regions.isSelf(residency.home()));
        if (elsewhere.isPresent()) {
            return Uni.createFrom()
                    .item(DirectoryRow.away(
                            account, elsewhere.get().home(), elsewhere.get().epoch(), market));
        }
        return directory
                .leastEpochSince(connection, event.time())
                .map(least -> DirectoryRow.opened(
                        account, event.data().getString("home"), least.orElse(FIRST_EPOCH), market));
    }

    private Uni<Void> publish(SqlConnection connection, DirectoryRow row) {
        return publisher.publish(
                connection, row.account(), publisher.sign(row.account(), row.home(), row.home(), FIRST_EPOCH));
    }
}
