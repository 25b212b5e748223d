package org.domicile.backup.trash;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.backup.blob.BlobTransition;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of what is in the trash. */
@ApplicationScoped
public class TrashStore {
    /** The newest of each name that is not LIVE again. */
    private static final String RESTORABLE = "select distinct on (t.type, t.name) t.blob_id, t.size from blobs t"
            + " where t.account_id = $1 and t.repository = $2 and t.state = '" + BlobTransition.RESTORE.from()
            + "' and t.trashed_at >= $3 and t.damaged_at is null and not exists (select from blobs l"
            + " where l.account_id = $1 and l.repository = $2 and l.type = t.type and l.name = t.name and l.state = '"
            + BlobTransition.RESTORE.to() + "') order by t.type, t.name, t.trashed_at desc";

    private final Pool pool;

    @Inject
    public TrashStore(Pool pool) {
        this.pool = pool;
    }

    Uni<List<TrashedBlob>> page(AccountId account, RepositoryName repository, UUID after, int limit, Duration window) {
        return pool.preparedQuery("select blob_id, type, name, size, trashed_at from blobs where account_id = $1"
                        + " and repository = $2 and state = 'TRASHED' and blob_id > $3 order by blob_id limit $4")
                .execute(Tuple.of(account.value(), repository.value(), after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> trashed(row, window))
                        .toList());
    }

    /** What {@link #restore} would bring back. */
    Uni<Restored> restorable(FencedWrite write, RepositoryName repository, Instant since) {
        return write.connection()
                .preparedQuery(
                        "select count(*) as blobs, coalesce(sum(size), 0)::bigint as bytes from (" + RESTORABLE + ") r")
                .execute(Tuple.of(write.account().value(), repository.value(), since.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next())
                .map(row -> new Restored(row.getLong("blobs"), row.getLong("bytes")));
    }

    Uni<Void> restore(FencedWrite write, RepositoryName repository, Instant since) {
        return write.connection()
                .preparedQuery("update blobs b set state = '" + BlobTransition.RESTORE.to()
                        + "', trashed_at = null, version = $4 from (" + RESTORABLE
                        + ") r where b.account_id = $1 and b.blob_id = r.blob_id")
                .execute(Tuple.of(
                        write.account().value(), repository.value(), since.atOffset(ZoneOffset.UTC), write.version()))
                .replaceWithVoid();
    }

    private static TrashedBlob trashed(Row row, Duration window) {
        var at = row.getOffsetDateTime("trashed_at").toInstant();
        return new TrashedBlob(
                row.getUUID("blob_id"),
                row.getString("type"),
                row.getString("name"),
                row.getLong("size"),
                at,
                at.plus(window));
    }
}
