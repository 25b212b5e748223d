package org.domicile.backup.scrub;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/** The SQL of scrubbing. What it writes is about this region's objects and stays here: it does not pass the fence. */
@ApplicationScoped
public class ScrubStore {
    public static final String BLOB_DAMAGED = "org.domicile.backup.blob.damaged.v1";

    private final Pool pool;
    private final Outbox outbox;

    @Inject
    public ScrubStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** A LIVE blob to read again. */
    record Candidate(AccountId account, UUID blob, UUID generation, String sha256) {
        String objectKey() {
            return ObjectStore.key(account, generation);
        }
    }

    Uni<List<Candidate>> sample(Instant before, int limit) {
        return pool.preparedQuery(
                        "select account_id, blob_id, generation, sha256 from blobs b join fence f using (account_id)"
                                + " where b.state = 'LIVE' and b.damaged_at is null and f.mode = 'OWN'"
                                + " and coalesce(b.verified_at, b.stored_at) < $1 order by b.verified_at nulls first limit $2")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Candidate(
                                new AccountId(row.getUUID("account_id")),
                                row.getUUID("blob_id"),
                                row.getUUID("generation"),
                                row.getString("sha256")))
                        .toList());
    }

    Uni<Void> verified(Candidate blob, Instant at) {
        return pool.preparedQuery("update blobs set verified_at = $4 where account_id = $1 and blob_id = $2"
                        + " and generation = $3")
                .execute(Tuple.of(blob.account().value(), blob.blob(), blob.generation(), at.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Marks and announces it, once, unless it is not LIVE any more. */
    Uni<Boolean> damaged(Candidate blob, Instant at) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("update blobs set damaged_at = $4 where account_id = $1 and blob_id = $2"
                        + " and generation = $3 and state = 'LIVE' and damaged_at is null")
                .execute(Tuple.of(blob.account().value(), blob.blob(), blob.generation(), at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1)
                .call(marked -> marked
                        ? outbox.add(
                                connection,
                                new OutboxEvent(
                                        "backup.events",
                                        blob.account(),
                                        BLOB_DAMAGED,
                                        new JsonObject()
                                                .put("accountId", blob.account().toString())
                                                .put("blobId", blob.blob().toString())))
                        : Uni.createFrom().voidItem()));
    }
}
