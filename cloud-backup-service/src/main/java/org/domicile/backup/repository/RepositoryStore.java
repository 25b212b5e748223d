package org.domicile.backup.repository;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of repositories. */
@ApplicationScoped
public class RepositoryStore {
    private static final String SUMMARIES = """
            select r.repository, r.device_id, r.created_at,
              count(b.blob_id) filter (where b.state = 'LIVE') as blobs,
              count(b.verified_at) filter (where b.state = 'LIVE') as verified,
              max(b.verified_at) filter (where b.state = 'LIVE') as last_verified,
              count(b.damaged_at) filter (where b.state = 'LIVE') as damaged,
              count(b.blob_id) filter (where b.state = 'LIVE' and b.type = 'snapshots') as snapshots,
              coalesce(sum(b.size) filter (where b.state = 'LIVE'), 0)::bigint as bytes,
              max(b.stored_at) filter (where b.state = 'LIVE' and b.type = 'snapshots') as last_backup,
              coalesce(sum(b.size) filter (where b.state = 'TRASHED'), 0)::bigint as trash_bytes,
              min(b.trashed_at) as first_trashed
            from repositories r left join blobs b on b.account_id = r.account_id and b.repository = r.repository
            where r.account_id = $1 group by r.repository, r.device_id, r.created_at order by r.repository
            """;

    private final Pool pool;

    @Inject
    public RepositoryStore(Pool pool) {
        this.pool = pool;
    }

    public Uni<Boolean> exists(AccountId account, RepositoryName repository) {
        return exists(pool, account, repository);
    }

    /** @return fails with NOT_FOUND (404) */
    public Uni<Void> require(SqlClient client, AccountId account, RepositoryName repository) {
        return exists(client, account, repository)
                .invoke(found -> {
                    if (!found) {
                        throw missing();
                    }
                })
                .replaceWithVoid();
    }

    public Uni<Void> require(AccountId account, RepositoryName repository) {
        return require(pool, account, repository);
    }

    /** @param device that makes it; null if none does */
    Uni<Void> insert(FencedWrite write, RepositoryName repository, DeviceId device, Instant at) {
        return write.connection()
                .preparedQuery("insert into repositories (account_id, repository, version, device_id, created_at)"
                        + " values ($1, $2, $3, $4, $5) on conflict do nothing")
                .execute(Tuple.of(
                        write.account().value(),
                        repository.value(),
                        write.version(),
                        device == null ? null : device.value(),
                        at.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    Uni<Void> delete(FencedWrite write, RepositoryName repository) {
        return write.connection()
                .preparedQuery("delete from repositories where account_id = $1 and repository = $2")
                .execute(Tuple.of(write.account().value(), repository.value()))
                .invoke(rows -> {
                    if (rows.rowCount() == 0) {
                        throw missing();
                    }
                })
                .replaceWithVoid();
    }

    Uni<List<RepositorySummary>> summaries(AccountId account, Duration trash) {
        return pool.preparedQuery(SUMMARIES).execute(Tuple.of(account.value())).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .map(row -> new RepositorySummary(
                        row.getString("repository"),
                        row.getString("device_id"),
                        row.getOffsetDateTime("created_at").toInstant(),
                        row.getLong("snapshots"),
                        row.getLong("bytes"),
                        instant(row.getOffsetDateTime("last_backup")).orElse(null),
                        row.getLong("blobs"),
                        row.getLong("verified"),
                        instant(row.getOffsetDateTime("last_verified")).orElse(null),
                        row.getLong("damaged"),
                        row.getLong("trash_bytes"),
                        instant(row.getOffsetDateTime("first_trashed"))
                                .map(at -> at.plus(trash))
                                .orElse(null)))
                .toList());
    }

    private static Uni<Boolean> exists(SqlClient client, AccountId account, RepositoryName repository) {
        return client.preparedQuery("select from repositories where account_id = $1 and repository = $2")
                .execute(Tuple.of(account.value(), repository.value()))
                .map(rows -> rows.size() > 0);
    }

    private static Optional<Instant> instant(OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    private static ProblemException missing() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no such repository: create it first (restic init).");
    }
}
