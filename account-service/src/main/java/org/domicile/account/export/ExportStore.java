package org.domicile.account.export;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
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
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of archives: jobs with a lease, and sealed pieces that belong to one attempt. */
@ApplicationScoped
public class ExportStore {
    private static final String COLUMNS = "id, state, requested_at, deadline, expires_at, bytes, sha256";

    private final Pool pool;

    @Inject
    public ExportStore(Pool pool) {
        this.pool = pool;
    }

    /** An archive to make; pieces of earlier attempts do not count. */
    record Job(AccountId account, UUID id, long attempt) {}

    Uni<Optional<Export>> latest(SqlClient client, AccountId account) {
        return client.preparedQuery(
                        "select " + COLUMNS + " from export where account_id = $1 order by requested_at desc limit 1")
                .execute(Tuple.of(account.value()))
                .map(rows -> list(rows).stream().findFirst());
    }

    Uni<Optional<Export>> find(AccountId account, UUID id) {
        return pool.preparedQuery("select " + COLUMNS + " from export where account_id = $1 and id = $2")
                .execute(Tuple.of(account.value(), id))
                .map(rows -> list(rows).stream().findFirst());
    }

    Uni<Void> add(FencedWrite write, Export export) {
        return write.connection()
                .preparedQuery("insert into export (account_id, id, state, requested_at, deadline)"
                        + " values ($1, $2, $3, $4, $5)")
                .execute(Tuple.of(
                        write.account().value(),
                        export.id(),
                        export.state().name(),
                        at(export.requestedAt()),
                        at(export.deadline())))
                .replaceWithVoid();
    }

    /** Takes one that nobody works on. */
    Uni<Optional<Job>> claim(Instant now, Duration lease) {
        return pool.preparedQuery("update export set attempt = attempt + 1, leased_until = $2 where (account_id, id) ="
                        + " (select account_id, id from export where state = 'ORDERED'"
                        + " and (leased_until is null or leased_until < $1) order by requested_at limit 1"
                        + " for update skip locked) returning account_id, id, attempt")
                .execute(Tuple.of(at(now), at(now.plus(lease))))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(r ->
                                new Job(new AccountId(r.getUUID("account_id")), r.getUUID("id"), r.getLong("attempt")))
                        .findFirst());
    }

    /** Adds a piece and renews the lease. @return false if the job is somebody else's by now, or gone */
    Uni<Boolean> put(Job job, int number, byte[] sealed, Instant until) {
        return pool.withTransaction(c -> c.preparedQuery("update export set leased_until = $4 where account_id = $1"
                        + " and id = $2 and attempt = $3 and state = 'ORDERED'")
                .execute(Tuple.of(job.account().value(), job.id(), job.attempt(), at(until)))
                .flatMap(held -> held.rowCount() == 0
                        ? Uni.createFrom().item(false)
                        : c.preparedQuery("insert into export_chunk (account_id, export_id, attempt, number, sealed)"
                                        + " values ($1, $2, $3, $4, $5)")
                                .execute(Tuple.of(
                                        job.account().value(), job.id(), job.attempt(), number, Buffer.buffer(sealed)))
                                .replaceWith(true)));
    }

    Uni<Void> ready(Job job, long bytes, String sha256, Instant expiresAt) {
        return pool.withTransaction(c -> c.preparedQuery(
                        "update export set state = 'READY', leased_until = null,"
                                + " bytes = $4, sha256 = $5, expires_at = $6 where account_id = $1 and id = $2 and attempt = $3")
                .execute(Tuple.of(job.account().value(), job.id(), job.attempt(), bytes, sha256, at(expiresAt)))
                .flatMap(r -> c.preparedQuery("delete from export_chunk where account_id = $1 and export_id = $2"
                                + " and attempt < $3")
                        .execute(Tuple.of(job.account().value(), job.id(), job.attempt())))
                .replaceWithVoid());
    }

    /** Lets another try soon. */
    Uni<Void> release(Job job, Instant until) {
        return pool.preparedQuery(
                        "update export set leased_until = $4 where account_id = $1 and id = $2 and attempt = $3")
                .execute(Tuple.of(job.account().value(), job.id(), job.attempt(), at(until)))
                .replaceWithVoid();
    }

    /** @return the sealed piece; empty after the last */
    Uni<Optional<byte[]>> piece(AccountId account, UUID id, int number) {
        return pool.preparedQuery("select sealed from export_chunk k join export e on e.account_id = k.account_id"
                        + " and e.id = k.export_id and e.attempt = k.attempt"
                        + " where k.account_id = $1 and k.export_id = $2 and k.number = $3 and e.state = 'READY'")
                .execute(Tuple.of(account.value(), id, number))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getBuffer("sealed").getBytes()));
    }

    /** The earliest deadline of an archive that is not ready, or null. */
    Uni<Instant> nearestDeadline() {
        return pool.query("select min(deadline) as deadline from export where state = 'ORDERED'")
                .execute()
                .map(rows -> instant(rows.iterator().next(), "deadline"));
    }

    private static List<Export> list(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Export(
                        row.getUUID("id"),
                        Export.State.valueOf(row.getString("state")),
                        instant(row, "requested_at"),
                        instant(row, "deadline"),
                        instant(row, "expires_at"),
                        row.getLong("bytes"),
                        row.getString("sha256")))
                .toList();
    }

    private static Instant instant(Row row, String column) {
        var value = row.get(OffsetDateTime.class, column);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
