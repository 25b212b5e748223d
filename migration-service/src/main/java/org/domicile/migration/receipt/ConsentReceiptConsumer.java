package org.domicile.migration.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Every change of a consent gets a receipt: the feature, on or off, the version of the policy, the time, and the place and hash of
 * its entry in the ledger, which a ledger is later held against, as {@code consent.state} carries them. An account that has moved
 * gets receipts of its consents from its new home as well.
 */
@ApplicationScoped
public class ConsentReceiptConsumer {
    private final Pool pool;
    private final ReceiptStore store;
    private final ReceiptSigner signer;

    @Inject
    public ConsentReceiptConsumer(Pool pool, ReceiptStore store, ReceiptSigner signer) {
        this.pool = pool;
        this.store = store;
        this.signer = signer;
    }

    @Incoming("consent-receipts")
    public Uni<Void> onConsentState(ConsumerRecord<String, String> record) {
        return Consumption.of(record, this::changed);
    }

    private Uni<Void> changed(CloudEvent event) {
        var account = AccountId.parse(event.data().getString("accountId"));
        var features = event.data().getJsonObject("features", new JsonObject());
        return pool.withTransaction(c -> isErased(c, account).flatMap(erased -> {
            var chain = Uni.createFrom().voidItem();
            for (var feature : erased ? new JsonObject().fieldNames() : features.fieldNames()) {
                chain = chain.chain(() -> receipt(c, account, feature, features.getJsonObject(feature)));
            }
            return chain;
        }));
    }

    private Uni<Void> receipt(SqlConnection connection, AccountId account, String feature, JsonObject state) {
        var at = state.getString("at");
        var statement = new JsonObject()
                .put("feature", feature)
                .put("granted", state.getBoolean("granted"))
                .put("policyVersion", state.getValue("policyVersion"))
                .put("at", at)
                .put("sequence", state.getValue("sequence"))
                .put("hash", state.getValue("hash"));
        return store.add(connection, signer.ofConsent(account, feature + "@" + at, statement));
    }

    /** A late record must not bring back what an erasure has deleted. */
    private static Uni<Boolean> isErased(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select 1 from erasure where account_hash = sha256(uuid_send($1))")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() > 0);
    }
}
