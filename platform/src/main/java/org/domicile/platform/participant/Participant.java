package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceUse;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.projection.Projections;
import org.domicile.platform.verify.InventoryClass;

/** What a service brings to a move: its classes of data, and what it must do at each turn. One bean per service. */
public interface Participant {
    List<RecordClass> classes();

    /**
     * An account was opened at home here, and its fence row is made: {@code opening} is the event's data. Repeatable; fails to be called
     * again.
     */
    default Uni<Void> opened(AccountId account, JsonObject opening) {
        return Uni.createFrom().voidItem();
    }

    /**
     * A command for this participant has come, whatever its epoch, and is executed next: for one whose writers are fenced by
     * another system, which must have it first. Repeatable; fails to be called again.
     */
    default Uni<Void> ordered(FenceCommand command, String jws) {
        return Uni.createFrom().voidItem();
    }

    /** At the target, when everything of the sealed source has been copied, before the row changes to CLOSED. Repeatable. */
    default Uni<Void> closing(AccountId account) {
        return Uni.createFrom().voidItem();
    }

    /** The account's version counter, while it is copied: that of the row, unless another system counts. */
    default Uni<Long> counter(AccountId account, FenceRow row) {
        return Uni.createFrom().item(row.version());
    }

    /**
     * The digests that go into a manifest: those of the MACs kept beside the records, unless the participant digests what its store
     * gives back now. Fails with {@link MoveBlocked} if what it finds cannot be moved.
     *
     * @param macKey of this move
     */
    default Uni<SortedMap<String, ClassDigest>> digested(
            SqlConnection connection, AccountId account, byte[] macKey, SortedMap<String, ClassDigest> kept) {
        return Uni.createFrom().item(kept);
    }

    /** Whether {@link #digested} does not go by the MACs: then nothing that was digested before a fence holds under it. */
    default boolean digestsItself() {
        return false;
    }

    /**
     * Whether another system must have each command first: then what is sealed is told to the migration-service alone, and only its
     * CLOSE closes a shadow.
     */
    default boolean awaitsCommands() {
        return false;
    }

    /** After the account's row is OWN, before that is acknowledged. Repeatable. */
    default Uni<Void> activated(AccountId account) {
        return Uni.createFrom().voidItem();
    }

    /** The account has left for another region: live connections must go. Repeatable. */
    default Uni<Void> left(AccountId account) {
        return Uni.createFrom().voidItem();
    }

    /** In the transaction that applied records to the shadow. */
    default Uni<Void> applied(SqlConnection connection, AccountId account, long epoch) {
        return Uni.createFrom().voidItem();
    }

    /**
     * In a transaction of a purge, after all classes, before the stores are looked through: what belongs to no class, such as the
     * account's key. The fence row is held at NONE, so that nothing new is stored under the key that goes; what is in another store is
     * deleted at once, and again if the transaction fails.
     */
    default Uni<Void> purged(SqlConnection connection, AccountId account) {
        return Projections.purge(connection, account).flatMap(v -> DeviceUse.purge(connection, account));
    }

    /**
     * What stores beside the service's own database still have of the account, after {@link #purged}: place → count, by other code
     * than that which moves and purges. A place that has nothing is named too: it was looked at. Empty for a service that has no other
     * store.
     */
    default Uni<SortedMap<String, Long>> enumerate(AccountId account) {
        return Uni.createFrom().item(new TreeMap<>());
    }

    /** The same classes, enumerated by code that neither moves nor purges: what {@link org.domicile.platform.verify} compares. */
    default List<InventoryClass> inventory() {
        return List.of();
    }

    /** What an owner's export has beside {@link #classes}: what is stored of an account and does not move. */
    default List<ExportClass> exportedBeside() {
        return List.of(new ExportTable("device-uses", "device_use"));
    }

    /** Compacted topics that this service writes for the account; {@link #purged} leaves a null value on each. */
    default List<String> topics() {
        return List.of();
    }

    /** Ledger versions: published by account-service, applied by the others. */
    default Uni<SortedMap<String, Long>> projections(SqlClient client, AccountId account) {
        return Projections.versions(client, account);
    }
}
