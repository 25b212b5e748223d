package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of files and collections. Every change takes a {@link FencedWrite}. */
@ApplicationScoped
public class ResourceStore {
    private static final String COLUMNS = "r.resource_id, r.parent_id, r.details, r.created_at, r.modified_at,"
            + " c.content_id, c.size, c.generation from webdav_resources r"
            + " left join webdav_contents c on c.account_id = r.account_id and c.content_id = r.content_id";
    private static final String WALK = "with recursive walk (depth, resource_id) as (select 0, $2::uuid union all"
            + " select w.depth + 1, n.resource_id from walk w join webdav_resources n on n.account_id = $1"
            + " and n.parent_id = w.resource_id and n.name_mac = ($3::text[])[w.depth + 1])"
            + " select " + COLUMNS + " join walk w on w.resource_id = r.resource_id and w.depth > 0"
            + " where r.account_id = $1 order by w.depth";
    private static final String TREE = "with recursive tree (resource_id) as (select $2::uuid union all"
            + " select n.resource_id from tree t join webdav_resources n on n.account_id = $1"
            + " and n.parent_id = t.resource_id) ";

    /** The resources along a path, from below the root on: as many as there are. */
    Uni<List<Resource>> along(SqlClient client, AccountId account, DavCipher cipher, DavPath path) {
        var macs = path.names().stream().map(cipher::mac).toArray(String[]::new);
        return client.preparedQuery(WALK)
                .execute(Tuple.of(account.value(), Resource.ROOT, macs))
                .map(rows -> resources(rows, cipher));
    }

    /** Members of a collection by id, from behind one on. */
    Uni<List<Resource>> members(
            SqlClient client, AccountId account, DavCipher cipher, UUID collection, UUID after, int limit) {
        return client.preparedQuery("select " + COLUMNS + " where r.account_id = $1 and r.parent_id = $2"
                        + " and r.resource_id > $3 order by r.resource_id limit $4")
                .execute(Tuple.of(account.value(), collection, after, (long) limit))
                .map(rows -> resources(rows, cipher));
    }

    /** The names of all collections in a tree, its top included, and of those files by which a repository is known. */
    Uni<List<Resource>> tree(SqlClient client, AccountId account, DavCipher cipher, UUID top) {
        return client.preparedQuery(TREE + "select " + COLUMNS + " join tree t on t.resource_id = r.resource_id"
                        + " where r.account_id = $1 and (r.content_id is null or r.name_mac = $3)")
                .execute(Tuple.of(account.value(), top, cipher.mac(RepositoryFolder.CONFIG)))
                .map(rows -> resources(rows, cipher));
    }

    /** The top of something in the trash. */
    Uni<Optional<Resource>> trashed(SqlClient client, AccountId account, DavCipher cipher, UUID id) {
        return client.preparedQuery(
                        "select " + COLUMNS + " where r.account_id = $1 and r.parent_id = $2 and r.resource_id = $3")
                .execute(Tuple.of(account.value(), Resource.TRASH, id))
                .map(rows -> resources(rows, cipher).stream().findFirst());
    }

    Uni<Void> insert(FencedWrite write, DavCipher cipher, Resource resource) {
        return write.connection()
                .preparedQuery("insert into webdav_resources (account_id, resource_id, version, parent_id, name_mac,"
                        + " details, content_id, created_at, modified_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                .execute(Tuple.of(write.account().value(), resource.id(), write.version(), resource.parent())
                        .addString(cipher.mac(resource.details().name()))
                        .addValue(details(cipher, resource.details()))
                        .addUUID(
                                resource.isCollection()
                                        ? null
                                        : resource.content().id())
                        .addOffsetDateTime(resource.createdAt().atOffset(ZoneOffset.UTC))
                        .addOffsetDateTime(resource.modifiedAt().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Gives a resource another place, name, properties or content. */
    Uni<Void> update(FencedWrite write, DavCipher cipher, Resource resource) {
        return write.connection()
                .preparedQuery("update webdav_resources set version = $3, parent_id = $4, name_mac = $5, details = $6,"
                        + " content_id = $7, modified_at = $8 where account_id = $1 and resource_id = $2")
                .execute(Tuple.of(write.account().value(), resource.id(), write.version(), resource.parent())
                        .addString(cipher.mac(resource.details().name()))
                        .addValue(details(cipher, resource.details()))
                        .addUUID(
                                resource.isCollection()
                                        ? null
                                        : resource.content().id())
                        .addOffsetDateTime(resource.modifiedAt().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Moves a whole tree into the trash. */
    Uni<Void> trash(FencedWrite write, UUID top, Instant at) {
        return write.connection()
                .preparedQuery(TREE + "update webdav_resources r set version = $3, trashed_at = $4,"
                        + " parent_id = case when r.resource_id = $2 then $5 else r.parent_id end"
                        + " from tree t where r.account_id = $1 and r.resource_id = t.resource_id")
                .execute(Tuple.of(
                        write.account().value(), top, write.version(), at.atOffset(ZoneOffset.UTC), Resource.TRASH))
                .replaceWithVoid();
    }

    /**
     * Copies what is below a collection below another one, under new ids; contents are shared.
     *
     * @param from whose members are copied
     */
    Uni<Void> copyMembers(FencedWrite write, UUID from, UUID to, Instant at) {
        return write.connection()
                .preparedQuery(TREE + ", copies as materialized (select resource_id, case when resource_id = $2"
                        + " then $3::uuid else gen_random_uuid() end as copy_id from tree)"
                        + " insert into webdav_resources (account_id, resource_id, version, parent_id, name_mac, details,"
                        + " content_id, created_at, modified_at)"
                        + " select r.account_id, c.copy_id, $4::bigint, p.copy_id, r.name_mac, r.details, r.content_id,"
                        + " $5::timestamptz, case when r.content_id is null then $5::timestamptz else r.modified_at end"
                        + " from copies c join webdav_resources r on r.account_id = $1 and r.resource_id = c.resource_id"
                        + " join copies p on p.resource_id = r.parent_id where c.resource_id <> $2")
                .execute(Tuple.of(write.account().value(), from, to, write.version(), at.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private static Buffer details(DavCipher cipher, Details details) {
        return Buffer.buffer(details.encrypted(cipher));
    }

    private static List<Resource> resources(RowSet<Row> rows, DavCipher cipher) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Resource(
                        row.getUUID("resource_id"),
                        row.getUUID("parent_id"),
                        Details.decrypt(cipher, row.getBuffer("details").getBytes()),
                        row.getUUID("content_id") == null
                                ? null
                                : new Content(
                                        row.getUUID("content_id"), row.getLong("size"), row.getUUID("generation")),
                        row.getOffsetDateTime("created_at").toInstant(),
                        row.getOffsetDateTime("modified_at").toInstant()))
                .toList();
    }
}
