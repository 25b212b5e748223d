package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.backup.repository.RepositoryName;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of LIVE and TRASHED blobs. Every change takes a {@link FencedWrite}. */
@ApplicationScoped
public class BlobStore {
    static final int PURGE_BATCH = 1_000;
    private static final String COLUMNS = "blob_id, size, sha256, generation, damaged_at";
    private static final String AT = " where account_id = $1 and repository = $2 and type = $3 and state = '"
            + BlobTransition.DELETE.from() + "'";

    private final Pool pool;

    @Inject
    public BlobStore(Pool pool) {
        this.pool = pool;
    }

    public Uni<Optional<Blob>> find(AccountId account, BlobKey key) {
        return find(pool, account, key);
    }

    Uni<Optional<Blob>> find(SqlClient client, AccountId account, BlobKey key) {
        return client.preparedQuery("select " + COLUMNS + " from blobs" + AT + " and name = $4")
                .execute(address(account, key))
                .map(BlobStore::first);
    }

    /**
     * The next LIVE blobs of one type by name, as elements of a JSON array: built where the rows are.
     *
     * @param after the last name of the page before; empty for the first page
     */
    public Uni<BlobPage> page(
            AccountId account, RepositoryName repository, BlobType type, boolean withSizes, String after, int limit) {
        var entry = withSizes ? "'{\"name\":\"' || name || '\",\"size\":' || size || '}'" : "'\"' || name || '\"'";
        return pool.preparedQuery("select coalesce(string_agg(" + entry + ", ','), ''), max(name), count(*) from"
                        + " (select name, size from blobs" + AT + " and name > $4 order by name limit $5) page")
                .execute(Tuple.of(account.value(), repository.value(), type.id(), after, limit))
                .map(rows -> rows.iterator().next())
                .map(row -> new BlobPage(row.getString(0), row.getString(1), row.getLong(2) == limit));
    }

    Uni<Boolean> isNamed(SqlClient client, AccountId account, UUID generation) {
        return client.preparedQuery("select from blobs where account_id = $1 and generation = $2")
                .execute(Tuple.of(account.value(), generation))
                .map(rows -> rows.size() > 0);
    }

    Uni<Void> insert(FencedWrite write, Upload upload, UUID generation, String sha256, UUID id, Instant at) {
        return write.connection()
                .preparedQuery("insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256,"
                        + " state, stored_at, generation) values ($1, $2, $3, $4, $5, $6, $7, $8, 'LIVE', $9, $10)")
                .execute(Tuple.from(List.of(
                        upload.account().value(),
                        id,
                        write.version(),
                        upload.key().repository().value(),
                        upload.key().type().id(),
                        upload.key().name(),
                        upload.size(),
                        sha256,
                        at.atOffset(ZoneOffset.UTC),
                        generation)))
                .replaceWithVoid();
    }

    Uni<Optional<Blob>> trash(FencedWrite write, BlobKey key, Instant at) {
        return write.connection()
                .preparedQuery("update blobs set state = '" + BlobTransition.DELETE.to()
                        + "', trashed_at = $5, version = $6" + AT + " and name = $4 returning " + COLUMNS)
                .execute(address(write.account(), key)
                        .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))
                        .addLong(write.version()))
                .map(BlobStore::first);
    }

    /** @return bytes that are in the trash now */
    public Uni<Long> trashRepository(FencedWrite write, RepositoryName repository, Instant at) {
        return write.connection()
                .preparedQuery("with gone as (update blobs set state = 'TRASHED', trashed_at = $3, version = $4"
                        + " where account_id = $1 and repository = $2 and state = 'LIVE' returning size)"
                        + " select coalesce(sum(size), 0)::bigint from gone")
                .execute(Tuple.of(
                        write.account().value(), repository.value(), at.atOffset(ZoneOffset.UTC), write.version()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    Uni<Optional<Blob>> remove(FencedWrite write, BlobKey key) {
        return write.connection()
                .preparedQuery("delete from blobs" + AT + " and name = $4 returning " + COLUMNS)
                .execute(address(write.account(), key))
                .map(BlobStore::first);
    }

    /** As {@link StoredKind#accountsWithTrash}, of blobs. */
    Uni<List<AccountId>> accountsWithTrash(Instant before, Instant whileMoved) {
        return pool.preparedQuery("select distinct account_id from blobs b join fence f using (account_id)"
                        + " where b.state = 'TRASHED' and f.mode = 'OWN' and (b.trashed_at < $1 or b.trashed_at < $2"
                        + " and exists (select from move_law l where l.account_id = b.account_id)) limit 1000")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), whileMoved.atOffset(ZoneOffset.UTC)))
                .map(rows ->
                        stream(rows).map(row -> new AccountId(row.getUUID(0))).toList());
    }

    /** @return generations whose rows are gone, at most {@value #PURGE_BATCH} */
    Uni<List<UUID>> purge(FencedWrite write, Instant before) {
        return write.connection()
                .preparedQuery("delete from blobs where account_id = $1 and blob_id in (select blob_id from blobs"
                        + " where account_id = $1 and state = '" + BlobTransition.PURGE.from()
                        + "' and trashed_at < $2 limit " + PURGE_BATCH + ") returning generation")
                .execute(Tuple.of(write.account().value(), before.atOffset(ZoneOffset.UTC)))
                .map(BlobStore::generations);
    }

    /** Those of the generations that a blob, an upload, its copy under way or a fetched object's row names, in one look. */
    Uni<List<UUID>> named(AccountId account, List<UUID> generations) {
        return pool.preparedQuery("select generation from blobs where account_id = $1 and generation = any($2)"
                        + " union all select generation from uploads where account_id = $1 and generation = any($2)"
                        + " union all select copy_generation from uploads where account_id = $1"
                        + " and copy_generation = any($2) and state = 'PENDING'"
                        + " union all select generation from fetched where account_id = $1 and generation = any($2)")
                .execute(Tuple.of(account.value(), generations.toArray(UUID[]::new)))
                .map(BlobStore::generations);
    }

    private static List<UUID> generations(RowSet<Row> rows) {
        return stream(rows).map(row -> row.getUUID("generation")).toList();
    }

    private static java.util.stream.Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    private static Tuple address(AccountId account, BlobKey key) {
        return Tuple.of(account.value(), key.repository().value(), key.type().id(), key.name());
    }

    private static Optional<Blob> first(RowSet<Row> rows) {
        return stream(rows)
                .map(row -> new Blob(
                        row.getUUID("blob_id"),
                        row.getLong("size"),
                        row.getString("sha256"),
                        row.getUUID("generation"),
                        row.getOffsetDateTime("damaged_at") != null))
                .findFirst();
    }
}
