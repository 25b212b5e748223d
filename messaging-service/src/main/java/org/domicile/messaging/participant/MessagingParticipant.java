package org.domicile.messaging.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.messaging.device.Presence;
import org.domicile.messaging.device.PresenceStore;
import org.domicile.messaging.inbox.DiscoveryBudget;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.Participant;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.participant.TableRecordClass;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.TableInventory;

/**
 * What of messaging moves with an account: endpoints keep their capability, a waiting message keeps its id and its place. A
 * message acknowledged before the freeze has no row and does not move; one acknowledged later is refused at the old home,
 * and comes once more, with the same id, from the new one.
 */
@ApplicationScoped
public class MessagingParticipant implements Participant {
    private static final String DEVICE = "device_id";

    private static final List<InventoryClass> INVENTORY = List.of(
            new TableInventory("user-agents", "user_agent"),
            new TableInventory("subscriptions", "subscription"),
            new TableInventory("messages", "message", "urgency"),
            new TableInventory("receipts", "receipt"),
            new TableInventory("inbox", "inbox"));

    private final Presence presence;
    private final PresenceStore presences;
    private final DiscoveryBudget budget;
    private final List<RecordClass> classes;

    @Inject
    public MessagingParticipant(Pool pool, Presence presence, PresenceStore presences, DiscoveryBudget budget) {
        this.presence = presence;
        this.presences = presences;
        this.budget = budget;
        this.classes = List.of(
                new TableRecordClass(pool, "user-agents", "user_agent", List.of(DEVICE), List.of()),
                new TableRecordClass(pool, "subscriptions", "subscription", List.of(DEVICE, "channel_id"), List.of()),
                // the urgency stays: a region of the release before does not know it, and the copies would differ
                new TableRecordClass(pool, "messages", "message", List.of("message_id"), List.of("urgency")),
                new TableRecordClass(pool, "receipts", "receipt", List.of("message_id"), List.of()),
                new TableRecordClass(pool, "inbox", "inbox", List.of(DEVICE), List.of()));
    }

    MessagingParticipant() {
        this.presence = null;
        this.presences = null;
        this.budget = null;
        this.classes = List.of();
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }

    @Override
    public List<InventoryClass> inventory() {
        return INVENTORY;
    }

    /** The devices reconnect, and are relayed to the new home. */
    @Override
    public Uni<Void> left(AccountId account) {
        return presence.endAll(account);
    }

    /** With what belongs to this region alone. */
    @Override
    public Uni<Void> purged(SqlConnection connection, AccountId account) {
        return presences
                .purge(connection, account)
                .chain(() -> budget.purge(connection, account))
                .chain(() -> Participant.super.purged(connection, account));
    }
}
