package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.account.notice.Notice;
import org.domicile.account.notice.NoticeStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/** An account's consents as {@code consent.state} carries them: the newest entry of each feature, all of them each time. */
@ApplicationScoped
public class ConsentState {
    private final ConsentLedger ledger;
    private final DiscoveryIndex index;
    private final NoticeStore notices;
    private final Outbox outbox;

    @Inject
    public ConsentState(ConsentLedger ledger, DiscoveryIndex index, NoticeStore notices, Outbox outbox) {
        this.ledger = ledger;
        this.index = index;
        this.notices = notices;
        this.outbox = outbox;
    }

    /** Publishes the state as this transaction sees it. @param epoch of the account's fence row */
    public Uni<Void> publish(SqlConnection connection, AccountId account, long epoch) {
        return version(connection, account)
                .flatMap(version -> features(connection, account).flatMap(features -> {
                    var data = new JsonObject()
                            .put("accountId", account.toString())
                            .put("version", version)
                            .put("epoch", epoch)
                            .put("features", features);
                    return outbox.add(
                            connection, new OutboxEvent(Topics.CONSENT_STATE, account, Topics.CONSENT_STATE_V1, data));
                }));
    }

    /** As {@link #publish}, for an account that others find by hashes which have changed. */
    public Uni<Void> publishIfDiscoverable(SqlConnection connection, AccountId account, long epoch) {
        return ledger.current(connection, account)
                .flatMap(
                        entries -> entries.stream().anyMatch(e -> e.feature() == Feature.DISCOVERABILITY && e.granted())
                                ? publish(connection, account, epoch)
                                : Uni.createFrom().voidItem());
    }

    private Uni<JsonObject> features(SqlConnection connection, AccountId account) {
        return ledger.current(connection, account).flatMap(entries -> notices.withdrawals(connection, account)
                .flatMap(told -> features(connection, account, entries, told)));
    }

    private Uni<JsonObject> features(
            SqlConnection connection, AccountId account, List<LedgerEntry> entries, List<Notice> told) {
        var features = new JsonObject();
        entries.forEach(e -> features.put(e.feature().id(), feature(e, told)));
        var discoverable = features.getJsonObject(Feature.DISCOVERABILITY.id());
        return discoverable != null && discoverable.getBoolean("granted")
                ? index.of(connection, account)
                        .map(hashes -> features.put(Feature.DISCOVERABILITY.id(), discoverable.put("index", hashes)))
                : Uni.createFrom().item(features);
    }

    /** Of a withdrawal whose purge the owner was told the day of, with that day as {@code purgeAt}. */
    private static JsonObject feature(LedgerEntry entry, List<Notice> told) {
        var feature = new JsonObject()
                .put("granted", entry.granted())
                .put("policyVersion", entry.policyVersion())
                .put("at", entry.at().toString())
                .put("sequence", entry.sequence())
                .put("hash", entry.hash());
        WithdrawalNotices.purgeAt(entry, told).ifPresent(day -> feature.put("purgeAt", day.toString()));
        return feature;
    }

    /** The version of the state: that of the newest ledger row, or of a later change of the identifiers; 0 without both. */
    public Uni<Long> version(SqlClient client, AccountId account) {
        return client.preparedQuery("select greatest("
                        + "(select max(version) from consent where account_id = $1),"
                        + " (select identifiers_version from account where account_id = $1), 0) as version")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong("version"));
    }
}
