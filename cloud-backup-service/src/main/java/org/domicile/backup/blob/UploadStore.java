package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.Device;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.fence.FencedWrite;

/**
 * The SQL of uploads. They are this region's own: they do not travel with the account. A row is PENDING until the upload is over,
 * then SETTLED until its device knows how it ended.
 */
@ApplicationScoped
public class UploadStore {
    private final Pool pool;

    @Inject
    public UploadStore(Pool pool) {
        this.pool = pool;
    }

    /** Begins an upload; a device that sends a name again has nothing more to say about its earlier uploads of it. */
    Uni<Void> insert(FencedWrite write, Upload upload, UploadState state, Instant at) {
        return write.connection()
                .preparedQuery(
                        "with over as (delete from uploads where account_id = $1 and repository = $3 and type = $4"
                                + " and name = $5 and device_id = $7 and state = 'SETTLED'), open as (update uploads set excuses ="
                                + " false where account_id = $1 and repository = $3 and type = $4 and name = $5 and device_id = $7"
                                + " and state = 'PENDING') insert into uploads (account_id, generation, repository, type, name,"
                                + " size, device_id, started_at, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                .execute(Tuple.from(List.of(
                        upload.account().value(),
                        upload.generation(),
                        upload.key().repository().value(),
                        upload.key().type().id(),
                        upload.key().name(),
                        upload.size(),
                        upload.device().value(),
                        at.atOffset(ZoneOffset.UTC),
                        state.name())))
                .replaceWithVoid();
    }

    /** Notes an upload that was refused before it began, if a blob of the name is LIVE: the device's DELETE must not end that one. */
    Uni<Void> noteRefused(Upload upload, Instant at) {
        return pool.preparedQuery(
                        "insert into uploads (account_id, generation, repository, type, name, size, device_id,"
                                + " started_at, state) select $1, $2, $3, $4, $5, $6, $7, $8, 'SETTLED' where exists (select from"
                                + " blobs where account_id = $1 and repository = $3 and type = $4 and name = $5 and state = 'LIVE')")
                .execute(Tuple.from(List.of(
                        upload.account().value(),
                        upload.generation(),
                        upload.key().repository().value(),
                        upload.key().type().id(),
                        upload.key().name(),
                        upload.size(),
                        upload.device().value(),
                        at.atOffset(ZoneOffset.UTC))))
                .replaceWithVoid();
    }

    /** Notes until when the device may write the upload's object itself. */
    Uni<Void> expire(FencedWrite write, Upload upload, Instant expiry) {
        return write.connection()
                .preparedQuery("update uploads set expires_at = $3 where account_id = $1 and generation = $2")
                .execute(Tuple.of(upload.account().value(), upload.generation(), expiry.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    Uni<Optional<Upload>> findDirect(Device device, BlobKey key, UUID generation) {
        return pool.preparedQuery(
                        "select size from uploads where account_id = $1 and generation = $2 and repository = $3"
                                + " and type = $4 and name = $5 and device_id = $6 and state = 'PENDING' and expires_at is not null")
                .execute(Tuple.of(
                        device.account().value(),
                        generation,
                        key.repository().value(),
                        key.type().id(),
                        key.name(),
                        device.id().value()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Upload(device.account(), generation, key, row.getLong("size"), device.id()))
                        .findFirst());
    }

    /** Names the object that the upload is about to be copied to, instead of an earlier commit's. @return whether it is PENDING */
    Uni<Boolean> nameCopy(Upload upload, UUID copy) {
        return pool.preparedQuery("update uploads set copy_generation = $3 where account_id = $1 and generation = $2"
                        + " and state = 'PENDING'")
                .execute(Tuple.of(upload.account().value(), upload.generation(), copy))
                .map(rows -> rows.rowCount() == 1);
    }

    /** From the end of this transaction the copy cannot be shown any more. Waits for one that is about to show it. */
    Uni<Void> forgetCopy(SqlClient client, Upload upload, UUID copy) {
        return client.preparedQuery(
                        "update uploads set copy_generation = null where account_id = $1 and generation = $2"
                                + " and copy_generation = $3")
                .execute(Tuple.of(upload.account().value(), upload.generation(), copy))
                .replaceWithVoid();
    }

    /**
     * @param shown generation of the object that becomes LIVE: the upload's own or the one that its row names as its copy
     * @return whether the upload was PENDING until now
     */
    Uni<Boolean> settle(SqlClient client, Upload upload, UUID shown) {
        return client.preparedQuery("update uploads set state = 'SETTLED' where account_id = $1 and generation = $2"
                        + " and state = 'PENDING' and coalesce(copy_generation, generation) = $3")
                .execute(Tuple.of(upload.account().value(), upload.generation(), shown))
                .map(rows -> rows.rowCount() == 1);
    }

    /** @return whether the upload was PENDING until now */
    Uni<Boolean> settle(SqlClient client, Upload upload) {
        return client.preparedQuery("update uploads set state = 'SETTLED' where account_id = $1 and generation = $2"
                        + " and state = 'PENDING'")
                .execute(Tuple.of(upload.account().value(), upload.generation()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Forgets SETTLED uploads. */
    Uni<Void> forget(Collection<Upload> told) {
        return pool.preparedQuery(
                        "delete from uploads where (account_id, generation) in (select u.account_id, u.generation"
                                + " from uploads u join unnest($1::uuid[], $2::uuid[]) as t (account_id, generation) using"
                                + " (account_id, generation) where u.state = 'SETTLED' for update of u skip locked)")
                .execute(Tuple.of(
                        told.stream().map(upload -> upload.account().value()).toArray(UUID[]::new),
                        told.stream().map(Upload::generation).toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    /** @return how many SETTLED uploads, begun before the instant, are forgotten now */
    Uni<Long> forgetBefore(Instant before) {
        return pool.preparedQuery("delete from uploads where state = 'SETTLED' and started_at < $1")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> (long) rows.rowCount());
    }

    /** The device's uploads of a name, begun after the instant, of which its DELETE of the name is the end; each counts once. */
    Uni<List<UUID>> excuse(FencedWrite write, BlobKey key, DeviceId device, Instant after) {
        return write.connection()
                .preparedQuery(
                        "with at as (select generation, state from uploads where account_id = $1 and repository = $2"
                                + " and type = $3 and name = $4 and device_id = $5 and excuses and started_at > $6 for update),"
                                + " over as (delete from uploads u using at where u.account_id = $1"
                                + " and u.generation = at.generation and at.state = 'SETTLED'), open as (update uploads u"
                                + " set excuses = false from at where u.account_id = $1 and u.generation = at.generation"
                                + " and at.state = 'PENDING') select generation from at")
                .execute(Tuple.of(
                        write.account().value(),
                        key.repository().value(),
                        key.type().id(),
                        key.name(),
                        device.value(),
                        after.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("generation"))
                        .toList());
    }

    /** PENDING uploads that began before the instant, at most 1,000. */
    Uni<List<Upload>> startedBefore(Instant before) {
        return pool.preparedQuery("select account_id, generation, repository, type, name, size, device_id from uploads"
                        + " where state = 'PENDING' and started_at < $1 limit 1000")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Upload(
                                new AccountId(row.getUUID("account_id")),
                                row.getUUID("generation"),
                                new BlobKey(
                                        new RepositoryName(row.getString("repository")),
                                        BlobType.find(row.getString("type")).orElseThrow(),
                                        row.getString("name")),
                                row.getLong("size"),
                                new DeviceId(row.getString("device_id"))))
                        .toList());
    }
}
