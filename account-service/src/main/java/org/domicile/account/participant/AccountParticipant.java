package org.domicile.account.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.account.consent.ConsentState;
import org.domicile.account.device.DeviceState;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.identity.Identities;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.verify.AccountInventory;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.key.WrappedKeys;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.participant.ExportClass;
import org.domicile.platform.participant.ExportTable;
import org.domicile.platform.participant.OrderEpochs;
import org.domicile.platform.participant.Participant;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.participant.TableRecordClass;
import org.domicile.platform.verify.InventoryClass;

/**
 * What account-service and the region's Keycloak bring to a move: profile, consents, devices and credentials. While the account is
 * frozen nobody can sign in; the imported user is disabled until the account is at home.
 */
@ApplicationScoped
public class AccountParticipant implements Participant {
    private final List<RecordClass> classes;
    private final Pool pool;
    private final FenceStore fences;
    private final Identities identities;
    private final AccountKeys keys;
    private final ConsentState consents;
    private final DeviceState devices;
    private final Outbox outbox;
    private final AccountInventory inventory;

    @Inject
    public AccountParticipant(
            Pool pool,
            FenceStore fences,
            OrderEpochs epochs,
            AccountKeys keys,
            IdentifierIndex index,
            Identities identities,
            ConsentState consents,
            DeviceState devices,
            Outbox outbox,
            AccountInventory inventory) {
        this.inventory = inventory;
        this.pool = pool;
        this.fences = fences;
        this.identities = identities;
        this.keys = keys;
        this.consents = consents;
        this.devices = devices;
        this.outbox = outbox;
        this.classes = List.of(
                new ProfileRecords(pool, keys, index),
                new LedgerRecords(pool),
                new EncryptedRecords(
                        pool,
                        keys,
                        "devices",
                        "device",
                        List.of("device_id"),
                        Map.of("name", "device.name", "model", "device.model")),
                new EncryptedRecords(
                        pool, keys, "guardians", "guardian", List.of(), Map.of("identifier", GuardianStore.FIELD)),
                new TableRecordClass(pool, "erasures", "erasure", List.of(), List.of("said_at")),
                new TableRecordClass(pool, "activity", "activity", List.of(), List.of()),
                new TableRecordClass(pool, "security-events", "security_event", List.of("id"), List.of()),
                new TableRecordClass(pool, "notices", "notice", List.of("id"), List.of("try_at", "tries", "sent_to")),
                new ExportRecords(pool),
                new CredentialRecords(pool, epochs, identities));
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }

    @Override
    public Uni<SortedMap<String, Long>> enumerate(AccountId account) {
        return inventory.identities(account).flatMap(identities -> keys.count(account)
                .map(count -> {
                    var places = new TreeMap<>(identities);
                    places.put(WrappedKeys.PLACE, count);
                    return places;
                }));
    }

    @Override
    public List<InventoryClass> inventory() {
        return inventory.classes();
    }

    @Override
    public Uni<Void> activated(AccountId account) {
        return fences.read(pool, account)
                .flatMap(row -> row.mode() == FenceMode.OWN
                        ? identities.enable(account, row.epoch())
                        : Uni.createFrom().voidItem());
    }

    /** The target's services learn what was applied, before the account is at home. */
    @Override
    public Uni<Void> applied(SqlConnection connection, AccountId account, long epoch) {
        return consents.publish(connection, account, epoch).flatMap(v -> devices.publish(connection, account, epoch));
    }

    /** The account's key goes, what Kafka keeps of it, and what waits for a code, the sign-up it came from too. */
    @Override
    public Uni<Void> purged(SqlConnection connection, AccountId account) {
        return Participant.super
                .purged(connection, account)
                .flatMap(v -> keys.delete(account))
                .flatMap(v -> outbox.add(connection, OutboxEvent.deleted(Topics.CONSENT_STATE, account)))
                .flatMap(v -> outbox.add(connection, OutboxEvent.deleted(Topics.DEVICE_STATE, account)))
                .flatMap(v -> connection
                        .preparedQuery("delete from registration where account_id = $1")
                        .execute(Tuple.of(account.value())))
                .flatMap(r -> connection
                        .preparedQuery("delete from confirmation where account_id = $1")
                        .execute(Tuple.of(account.value())))
                .replaceWithVoid();
    }

    /** No device is let in by this service. */
    @Override
    public List<ExportClass> exportedBeside() {
        return List.of(new ExportTable("legal-logs", "legal_log", "id"), new SessionRecords(identities));
    }

    @Override
    public List<String> topics() {
        return List.of(Topics.CONSENT_STATE, Topics.DEVICE_STATE);
    }

    @Override
    public Uni<SortedMap<String, Long>> projections(SqlClient client, AccountId account) {
        return consents.version(client, account)
                .flatMap(consent -> devices.version(client, account).map(device -> {
                    var versions = new TreeMap<String, Long>();
                    versions.put("consent", consent);
                    versions.put("device", device);
                    return versions;
                }));
    }
}
