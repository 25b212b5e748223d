package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of what is in the trash and can come back. */
@ApplicationScoped
public class DavTrashStore {
    private static final String LIST = """
            with recursive tree (top, resource_id, content_id) as (
                select resource_id, resource_id, content_id from webdav_resources where account_id = $1 and parent_id = $2
                union all
                select t.top, n.resource_id, n.content_id from tree t
                  join webdav_resources n on n.account_id = $1 and n.parent_id = t.resource_id)
            select r.resource_id, r.details, r.content_id, r.trashed_at, count(c.content_id) as files,
              coalesce(sum(c.size), 0)::bigint as bytes
            from tree t
              join webdav_resources r on r.account_id = $1 and r.resource_id = t.top
              left join webdav_contents c on c.account_id = $1 and c.content_id = t.content_id
            group by r.account_id, r.resource_id
            order by r.trashed_at desc, r.resource_id limit $3
            """;
    private static final String RESTORE = """
            with recursive tree (resource_id) as (
                select $2::uuid
                union all
                select n.resource_id from tree t
                  join webdav_resources n on n.account_id = $1 and n.parent_id = t.resource_id)
            update webdav_resources r set version = $3, trashed_at = null
            from tree t where r.account_id = $1 and r.resource_id = t.resource_id
            """;
    private static final String REVIVE = """
            with named as (select distinct content_id from webdav_resources
                where account_id = $1 and version = $2 and trashed_at is null and content_id is not null),
              back as (update webdav_contents c set state = 'LIVE', version = $2 from named n
                where c.account_id = $1 and c.content_id = n.content_id and c.state = 'TRASHED' returning c.size)
            select coalesce(sum(size), 0)::bigint from back
            """;

    private final Pool pool;

    @Inject
    public DavTrashStore(Pool pool) {
        this.pool = pool;
    }

    Uni<List<DavTrashed>> list(AccountId account, DavCipher cipher, Duration window, int limit) {
        return pool.preparedQuery(LIST)
                .execute(Tuple.of(account.value(), Resource.TRASH, (long) limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> {
                            var deletedAt = row.getOffsetDateTime("trashed_at").toInstant();
                            return new DavTrashed(
                                    row.getUUID("resource_id"),
                                    Details.decrypt(
                                                    cipher,
                                                    row.getBuffer("details").getBytes())
                                            .name(),
                                    row.getUUID("content_id") == null,
                                    row.getLong("files"),
                                    row.getLong("bytes"),
                                    deletedAt,
                                    deletedAt.plus(window));
                        })
                        .toList());
    }

    /** Takes a whole tree out of the trash; its top has to be given its place. @return bytes that are LIVE again */
    Uni<Long> restore(FencedWrite write, UUID top) {
        var account = write.account().value();
        return write.connection()
                .preparedQuery(RESTORE)
                .execute(Tuple.of(account, top, write.version()))
                .chain(() -> write.connection().preparedQuery(REVIVE).execute(Tuple.of(account, write.version())))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
