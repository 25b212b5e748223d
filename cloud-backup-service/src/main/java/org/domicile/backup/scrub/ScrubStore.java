package org.domicile.backup.scrub;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
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

    /** A LIVE row to read again, with all its columns. */
    record Candidate(Scrubbed of, AccountId account, Row row) {
        UUID id() {
            return row.getUUID(of.id());
        }

        Tuple at(Instant at) {
            return Tuple.of(account.value(), id(), row.getUUID("generation"), at.atOffset(ZoneOffset.UTC));
        }
    }

    /** LIVE rows that were not found damaged. */
    Uni<Long> count(Scrubbed of) {
        return pool.query("select count(*) from " + of.table() + " where state = 'LIVE' and damaged_at is null")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    Uni<List<Candidate>> sample(Scrubbed of, Instant before, int limit) {
        return pool.preparedQuery("select b.* from " + of.table() + " b join fence f using (account_id)"
                        + " where b.state = 'LIVE' and b.damaged_at is null and f.mode = 'OWN'"
                        + " and coalesce(b.verified_at, b.stored_at) < $1 order by b.verified_at nulls first limit $2")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Candidate(of, new AccountId(row.getUUID("account_id")), row))
                        .toList());
    }

    Uni<Void> verified(Candidate read, Instant at) {
        return pool.preparedQuery("update " + read.of().table() + " set verified_at = $4 where account_id = $1 and "
                        + read.of().id() + " = $2 and generation = $3")
                .execute(read.at(at))
                .replaceWithVoid();
    }

    /** Marks and announces it, once, unless it is not LIVE any more. */
    Uni<Boolean> damaged(Candidate read, Instant at) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("update " + read.of().table() + " set damaged_at = $4 where account_id = $1 and "
                        + read.of().id() + " = $2 and generation = $3 and state = 'LIVE' and damaged_at is null")
                .execute(read.at(at))
                .map(rows -> rows.rowCount() == 1)
                .call(marked -> marked
                        ? outbox.add(
                                connection,
                                new OutboxEvent(
                                        "backup.events",
                                        read.account(),
                                        BLOB_DAMAGED,
                                        new JsonObject()
                                                .put("accountId", read.account().toString())
                                                .put("blobId", read.id().toString())))
                        : Uni.createFrom().voidItem()));
    }
}
