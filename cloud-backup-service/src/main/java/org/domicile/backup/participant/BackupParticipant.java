package org.domicile.backup.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.direct.PresignedStore;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.usage.Quota;
import org.domicile.backup.verify.BackupInventory;
import org.domicile.backup.webdav.ContentReader;
import org.domicile.backup.webdav.ContentWriter;
import org.domicile.backup.webdav.DavContentRecords;
import org.domicile.backup.webdav.DavResourceRecords;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.key.WrappedKeys;
import org.domicile.platform.participant.Participant;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.participant.TableRecordClass;
import org.domicile.platform.verify.InventoryClass;

/**
 * What moves with an account: its repositories, their blobs with the objects, and its WebDAV files. Uploads under way are sent again
 * there.
 */
@ApplicationScoped
public class BackupParticipant implements Participant {
    private final Pool pool;
    private final Fence fence;
    private final DataKeys keys;
    private final List<RecordClass> classes;
    private final Quota quota;
    private final BackupInventory inventory;

    @Inject
    public BackupParticipant(
            Pool pool,
            Fence fence,
            ObjectStore objects,
            PresignedStore presigned,
            DataKeys keys,
            ContentReader reader,
            ContentWriter writer,
            SecureRandom random,
            Clock clock,
            Quota quota,
            BackupInventory inventory) {
        this.quota = quota;
        this.inventory = inventory;
        this.pool = pool;
        this.fence = fence;
        this.keys = keys;
        this.classes = List.of(
                new TableRecordClass(pool, "repositories", "repositories", List.of("repository"), List.of()),
                new BackupRecords(pool, objects, presigned, random, clock),
                new DavContentRecords(pool, keys, reader, writer, objects, random),
                new DavResourceRecords(pool, keys),
                new TableRecordClass(pool, "market", "account_market", List.of(), List.of()));
    }

    BackupParticipant() {
        this.pool = null;
        this.fence = null;
        this.keys = null;
        this.classes = List.of();
        this.quota = null;
        this.inventory = null;
    }

    /** The market's policy decides how long a withdrawn backup is kept. */
    @Override
    public Uni<Void> opened(AccountId account, JsonObject opening) {
        var market = opening.getString("market");
        return market == null
                ? Uni.createFrom().voidItem()
                : fence.write(account, write -> write.connection()
                        .preparedQuery("insert into account_market (account_id, version, market) values ($1, $2, $3)"
                                + " on conflict (account_id) do nothing")
                        .execute(Tuple.of(account.value(), write.version(), market))
                        .replaceWithVoid());
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }

    @Override
    public List<InventoryClass> inventory() {
        return inventory.classes();
    }

    @Override
    public Uni<SortedMap<String, Long>> enumerate(AccountId account) {
        return inventory.objects(account).flatMap(objects -> keys.count(account).map(count -> {
            var places = new TreeMap<>(objects);
            places.put(WrappedKeys.PLACE, count);
            return places;
        }));
    }

    /** The copied objects are all named by their blobs now. */
    @Override
    public Uni<Void> activated(AccountId account) {
        return pool.preparedQuery("delete from fetched where account_id = $1")
                .execute(Tuple.of(account.value()))
                .chain(() -> pool.preparedQuery("delete from webdav_fetched where account_id = $1")
                        .execute(Tuple.of(account.value())))
                .chain(() -> pool.withTransaction(connection -> quota.recount(connection, account)))
                .replaceWithVoid();
    }

    /** The data key goes last: what it encrypted is gone already, and what a backup still holds of it cannot be read. */
    @Override
    public Uni<Void> purged(SqlConnection connection, AccountId account) {
        return Participant.super.purged(connection, account).chain(() -> keys.delete(account));
    }
}
