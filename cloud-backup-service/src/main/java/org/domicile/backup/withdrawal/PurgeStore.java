package org.domicile.backup.withdrawal;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/** The SQL of purges after a withdrawn consent. */
@ApplicationScoped
public class PurgeStore {
    public static final String PURGED = "org.domicile.backup.purged.v1";
    private static final String REASON = "consent-withdrawn";
    private static final List<String> TABLES = List.of(
            "blobs", "repositories", "uploads", "webdav_resources", "webdav_contents", "webdav_uploads", "usage");

    private final Pool pool;
    private final Outbox outbox;

    @Inject
    public PurgeStore(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** Deletes the account's rows and notes how much that was. */
    Uni<Void> begin(FencedWrite write, Instant at) {
        var account = Tuple.of(write.account().value());
        return write.connection()
                .preparedQuery("insert into purges (account_id, reason, blobs, bytes, started_at)"
                        + " select $1::uuid, $2::text, count(*), coalesce(sum(size), 0)::bigint, $3::timestamptz"
                        + " from stored where account_id = $1 on conflict (account_id) do nothing")
                .execute(Tuple.of(write.account().value(), REASON, at.atOffset(ZoneOffset.UTC)))
                .chain(() -> Multi.createFrom()
                        .iterable(TABLES)
                        .onItem()
                        .transformToUniAndConcatenate(table -> write.connection()
                                .preparedQuery("delete from " + table + " where account_id = $1")
                                .execute(account))
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    /** Accounts whose objects have not been proved to be gone. */
    Uni<List<AccountId>> open() {
        return pool.query("select account_id from purges order by started_at limit 1000")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID(0)))
                        .toList());
    }

    /** The store is empty: says so, once. */
    Uni<Void> end(AccountId account) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("delete from purges where account_id = $1 returning reason, blobs, bytes")
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().voidItem();
                    }
                    var row = rows.iterator().next();
                    var data = new JsonObject()
                            .put("accountId", account.toString())
                            .put("reason", row.getString("reason"))
                            .put("blobs", row.getLong("blobs"))
                            .put("bytes", row.getLong("bytes"))
                            .put("objectsLeft", 0);
                    return outbox.add(connection, new OutboxEvent("backup.events", account, PURGED, data));
                }));
    }
}
