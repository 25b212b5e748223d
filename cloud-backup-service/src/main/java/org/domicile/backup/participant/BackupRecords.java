package org.domicile.backup.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.domicile.backup.blob.ObjectDownload;
import org.domicile.backup.blob.ObjectRecords;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.blob.VerifiedBody;
import org.domicile.backup.direct.PresignedStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.ObjectSource;

/**
 * Blobs, LIVE and TRASHED: length and SHA-256 of an object are verified as it arrives, and by the store that takes it.
 */
final class BackupRecords extends ObjectRecords {
    private static final Duration STALL = Duration.ofSeconds(30);

    private final PresignedStore presigned;
    private final SecureRandom random;
    private final Clock clock;

    BackupRecords(Pool pool, ObjectStore objects, PresignedStore presigned, SecureRandom random, Clock clock) {
        super(pool, objects, new Shape("backups", "blobs", "blob_id", ObjectStore.ROOT, "uploads", "fetched", 16));
        this.presigned = presigned;
        this.random = random;
        this.clock = clock;
    }

    @Override
    protected Uni<UUID> copy(AccountId account, DataRecord blob, ObjectSource source) {
        var generation = new UUID(random.nextLong(), random.nextLong());
        var sha256 = blob.data().getString("sha256");
        long size = blob.data().getLong("size");
        return source.open(name(), blob.key())
                .flatMap(object -> objects()
                        .put(
                                ObjectStore.key(account, generation),
                                new VerifiedBody(object, Vertx.currentContext(), size, Optional.of(sha256), STALL),
                                sha256))
                .replaceWith(generation);
    }

    @Override
    protected Uni<JsonObject> conceal(SqlConnection connection, AccountId account, DataRecord record) {
        return generation(connection, account, record)
                .map(generation -> record.data().copy().put("generation", generation));
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
                    return objects()
                            .get(ObjectStore.key(account, row.getUUID("generation")), 0, size)
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
                .chain(() -> deleteLocal("usage", account));
    }
}
