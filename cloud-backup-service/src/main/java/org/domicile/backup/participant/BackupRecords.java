package org.domicile.backup.participant;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.backup.blob.ObjectDownload;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.blob.VerifiedBody;
import org.domicile.backup.direct.PresignedStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.ObjectSource;
import org.domicile.platform.participant.TableRecordClass;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Blobs, LIVE and TRASHED, and their objects. An object is copied, under a generation of its own in each region, before its
 * record is applied; its length and SHA-256 are verified as it arrives, and by the store that takes it. After a purge the store
 * itself is asked, page by page, for what is left.
 */
final class BackupRecords extends TableRecordClass {
    private static final int PARALLEL = 8;
    private static final Duration STALL = Duration.ofSeconds(30);

    private final ObjectStore objects;
    private final PresignedStore presigned;
    private final SecureRandom random;
    private final Clock clock;

    BackupRecords(Pool pool, ObjectStore objects, PresignedStore presigned, SecureRandom random, Clock clock) {
        super(pool, "backups", "blobs", List.of("blob_id"), List.of("generation", "verified_at", "damaged_at"));
        this.objects = objects;
        this.presigned = presigned;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Uni<Long> fetch(AccountId account, List<DataRecord> records, ObjectSource source) {
        return Multi.createFrom()
                .iterable(records)
                .onItem()
                .transformToUni(blob -> fetch(account, blob, source))
                .merge(PARALLEL)
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<Long> fetch(AccountId account, DataRecord blob, ObjectSource source) {
        var id = UUID.fromString(blob.data().getString("blob_id"));
        long size = blob.data().getLong("size");
        return generation(pool(), account, id)
                .flatMap(known -> known.isPresent() ? Uni.createFrom().item(size) : copy(account, id, blob, source));
    }

    private Uni<Long> copy(AccountId account, UUID id, DataRecord blob, ObjectSource source) {
        var generation = new UUID(random.nextLong(), random.nextLong());
        var sha256 = blob.data().getString("sha256");
        long size = blob.data().getLong("size");
        return source.open(name(), blob.key())
                .flatMap(object -> {
                    var context = Vertx.currentContext();
                    return objects.put(
                            ObjectStore.key(account, generation),
                            new VerifiedBody(object, context, size, Optional.of(sha256), STALL),
                            sha256);
                })
                .chain(() -> pool().preparedQuery("insert into fetched (account_id, blob_id, generation)"
                                + " values ($1, $2, $3) on conflict do nothing")
                        .execute(Tuple.of(account.value(), id, generation)))
                .replaceWith(size);
    }

    @Override
    protected Uni<JsonObject> conceal(SqlConnection connection, AccountId account, DataRecord record) {
        var row = record.data().copy();
        return generation(connection, account, UUID.fromString(row.getString("blob_id")))
                .map(found -> row.put(
                        "generation",
                        found.orElseThrow(() -> new IllegalStateException("a record came before its object"))
                                .toString()));
    }

    private static Uni<Optional<UUID>> generation(SqlClient client, AccountId account, UUID blob) {
        // of an object fetched for this move, or kept since the account lived here
        return client.preparedQuery("select generation from fetched where account_id = $1 and blob_id = $2"
                        + " union all select generation from blobs where account_id = $1 and blob_id = $2 limit 1")
                .execute(Tuple.of(account.value(), blob))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getUUID(0)));
    }

    @Override
    public void serveObject(RoutingContext context, AccountId account, String key) {
        var on = Vertx.currentContext();
        pool().preparedQuery("select size, sha256, generation from blobs where account_id = $1 and blob_id = $2")
                .execute(Tuple.of(account.value(), UUID.fromString(new JsonArray(key).getString(0))))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such blob any more.");
                    }
                    var row = rows.iterator().next();
                    long size = row.getLong("size");
                    var sha256 = row.getString("sha256");
                    var response = context.response().putHeader("Content-Length", Long.toString(size));
                    if (size == 0) {
                        response.end();
                        return Uni.createFrom().voidItem();
                    }
                    return objects.get(ObjectStore.key(account, row.getUUID("generation")), 0, size)
                            .invoke(object ->
                                    object.subscribe(new ObjectDownload(response, on, size, Optional.of(sha256))))
                            .onFailure()
                            .invoke(failure -> response.headers().clear())
                            .replaceWithVoid();
                })
                .subscribe()
                .with(sent -> {}, failure -> Problems.write(context, failure));
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return presigned
                .requireExpired(account, clock.instant())
                .chain(() -> super.purge(account))
                .chain(() -> deleteLocal("presigned", account))
                .chain(() -> deleteLocal("purges", account))
                .chain(() -> deleteLocal("uploads", account))
                .chain(() -> deleteLocal("fetched", account))
                .chain(() -> deleteLocal("usage", account))
                .chain(() -> deleteObjects(account));
    }

    private Uni<Void> deleteLocal(String table, AccountId account) {
        return pool().preparedQuery("delete from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    private Uni<Void> deleteObjects(AccountId account) {
        return objects.list(ObjectStore.prefix(account))
                .onItem()
                .transformToUniAndConcatenate(
                        page -> objects.delete(page.stream().map(S3Object::key).toList())
                                .replaceWith(page))
                .collect()
                .last()
                .replaceWithVoid();
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return objects.list(ObjectStore.prefix(account))
                .collect()
                .with(Collectors.summingLong(List::size))
                .flatMap(left -> super.remains(account)
                        .chain(blobs -> uploads(account).map(open -> new Remains(blobs.rows() + open, left))));
    }

    private Uni<Long> uploads(AccountId account) {
        return pool().preparedQuery("select count(*) from uploads where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
