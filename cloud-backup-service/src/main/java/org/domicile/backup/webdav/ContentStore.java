package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
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
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of contents and of uploads under way. */
@ApplicationScoped
public class ContentStore {
    private final Pool pool;

    @Inject
    public ContentStore(Pool pool) {
        this.pool = pool;
    }

    /** @param sha256 of the plaintext, lower-case hex; kept encrypted: in clear it would tell who has a known file */
    Uni<Void> insert(FencedWrite write, DavCipher cipher, Content content, String sha256, Instant at) {
        return write.connection()
                .preparedQuery("insert into webdav_contents (account_id, content_id, version, size, details, state,"
                        + " stored_at, generation) values ($1, $2, $3, $4, $5, 'LIVE', $6, $7)")
                .execute(Tuple.of(write.account().value(), content.id(), write.version(), content.size())
                        .addValue(Buffer.buffer(cipher.encrypt(
                                DavContentRecords.FIELD,
                                new JsonObject().put("sha256", sha256).encode())))
                        .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))
                        .addUUID(content.generation()))
                .replaceWithVoid();
    }

    /** Contents that only the trash names are TRASHED from now on. @return their bytes */
    Uni<Long> trashUnnamed(FencedWrite write) {
        return write.connection()
                .preparedQuery("with named as (select distinct content_id from webdav_resources where account_id = $1"
                        + " and version = $2 and trashed_at is not null and content_id is not null),"
                        + " gone as (update webdav_contents c set state = 'TRASHED', version = $2 from named n"
                        + " where c.account_id = $1 and c.content_id = n.content_id and c.state = 'LIVE'"
                        + " and not exists (select from webdav_resources r where r.account_id = $1"
                        + " and r.content_id = c.content_id and r.trashed_at is null) returning c.size)"
                        + " select coalesce(sum(size), 0)::bigint from gone")
                .execute(Tuple.of(write.account().value(), write.version()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    Uni<Void> begin(FencedWrite write, UUID generation, DeviceId device, long size, Instant at) {
        return write.connection()
                .preparedQuery("insert into webdav_uploads (account_id, generation, size, device_id, started_at)"
                        + " values ($1, $2, $3, $4, $5)")
                .execute(Tuple.of(
                        write.account().value(), generation, size, device.value(), at.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    Uni<Boolean> grow(FencedWrite write, UUID generation, long bytes) {
        return write.connection()
                .preparedQuery("update webdav_uploads set size = size + $3 where account_id = $1 and generation = $2")
                .execute(Tuple.of(write.account().value(), generation, bytes))
                .map(rows -> rows.rowCount() == 1);
    }

    /** @return the bytes that were reserved; -1 if the upload is no longer known */
    Uni<Long> end(SqlClient client, AccountId account, UUID generation) {
        return client.preparedQuery(
                        "delete from webdav_uploads where account_id = $1 and generation = $2 returning size")
                .execute(Tuple.of(account.value(), generation))
                .map(rows -> rows.size() == 0 ? -1 : rows.iterator().next().getLong(0));
    }

    /** An upload that may have left objects. */
    record Begun(AccountId account, UUID generation) {}

    /** At most 1,000. */
    Uni<List<Begun>> begunBefore(Instant before) {
        return pool.preparedQuery("select account_id, generation from webdav_uploads where started_at < $1 limit 1000")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> stream(rows)
                        .map(row -> new Begun(new AccountId(row.getUUID(0)), row.getUUID(1)))
                        .toList());
    }

    /** As {@link org.domicile.backup.blob.StoredKind#accountsWithTrash}, of files. */
    Uni<List<AccountId>> accountsWithTrash(Instant before, Instant whileMoved) {
        return pool.preparedQuery("select distinct account_id from webdav_resources r join fence f using (account_id)"
                        + " where f.mode = 'OWN' and (r.trashed_at < $1 or r.trashed_at < $2"
                        + " and exists (select from move_law l where l.account_id = r.account_id)) limit 1000")
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), whileMoved.atOffset(ZoneOffset.UTC)))
                .map(rows ->
                        stream(rows).map(row -> new AccountId(row.getUUID(0))).toList());
    }

    /** Ends what has been in the trash for the whole window. @return the contents that nothing names any more */
    Uni<List<Content>> purge(FencedWrite write, Instant before) {
        var account = write.account().value();
        return write.connection()
                .preparedQuery("delete from webdav_resources where account_id = $1 and trashed_at < $2")
                .execute(Tuple.of(account, before.atOffset(ZoneOffset.UTC)))
                .chain(() -> write.connection()
                        .preparedQuery("delete from webdav_contents c where c.account_id = $1 and c.state = 'TRASHED'"
                                + " and not exists (select from webdav_resources r where r.account_id = $1"
                                + " and r.content_id = c.content_id) returning content_id, size, generation")
                        .execute(Tuple.of(account)))
                .map(rows -> stream(rows)
                        .map(row -> new Content(row.getUUID(0), row.getLong(1), row.getUUID(2)))
                        .toList());
    }

    /** Those of the generations that a content, an upload or a copied content names. */
    Uni<List<UUID>> named(AccountId account, List<UUID> generations) {
        return pool.preparedQuery(
                        "select generation from webdav_contents where account_id = $1 and generation = any($2)"
                                + " union all select generation from webdav_uploads where account_id = $1 and generation = any($2)"
                                + " union all select generation from webdav_fetched where account_id = $1 and generation = any($2)")
                .execute(Tuple.of(account.value(), generations.toArray(UUID[]::new)))
                .map(rows -> stream(rows).map(row -> row.getUUID(0)).toList());
    }

    private static java.util.stream.Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
