package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.domicile.backup.trash.TrashWindow;
import org.domicile.platform.account.AccountId;

/** Sums up an account's WebDAV files, from the rows themselves. */
@ApplicationScoped
public class DavSummaries {
    private static final String SUMMARY = """
            select (select count(*) from webdav_resources
                where account_id = $1 and content_id is not null and trashed_at is null) as files,
              (select min(trashed_at) from webdav_resources where account_id = $1) as first_trashed,
              coalesce(sum(size) filter (where state = 'LIVE'), 0)::bigint as bytes,
              coalesce(sum(size) filter (where state = 'TRASHED'), 0)::bigint as trash_bytes,
              max(stored_at) as last_stored, max(verified_at) filter (where state = 'LIVE') as last_verified,
              count(*) filter (where state = 'LIVE' and verified_at is not null and damaged_at is null) as verified,
              count(*) filter (where state = 'LIVE' and damaged_at is not null) as damaged
            from webdav_contents where account_id = $1
            """;

    private final Pool pool;
    private final TrashWindow trash;

    @Inject
    public DavSummaries(Pool pool, TrashWindow trash) {
        this.pool = pool;
        this.trash = trash;
    }

    public Uni<DavSummary> of(AccountId account) {
        return trash.of(account).flatMap(window -> of(account, window));
    }

    private Uni<DavSummary> of(AccountId account, Duration window) {
        return pool.preparedQuery(SUMMARY).execute(Tuple.of(account.value())).map(rows -> {
            var row = rows.iterator().next();
            var firstTrashed = instant(row.getOffsetDateTime("first_trashed"));
            return new DavSummary(
                    row.getLong("files"),
                    row.getLong("bytes"),
                    instant(row.getOffsetDateTime("last_stored")),
                    row.getLong("verified"),
                    instant(row.getOffsetDateTime("last_verified")),
                    row.getLong("damaged"),
                    row.getLong("trash_bytes"),
                    firstTrashed == null ? null : firstTrashed.plus(window),
                    DavAnswers.NOTICE.strip());
        });
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
