package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.migration.peer.WireFormat;

/** The rows of waves, and who works on them: a lease, so that one process does. */
@ApplicationScoped
public class WaveStore {
    private static final String LEASE = "10 seconds";
    private static final String SELECT = "select * from wave where id = $1";

    private final Pool pool;
    private final WireFormat wire;
    private final UUID owner = UUID.randomUUID();

    @Inject
    public WaveStore(Pool pool, WireFormat wire) {
        this.pool = pool;
        this.wire = wire;
    }

    /** @return false if there is a wave of this id already */
    public Uni<Boolean> insert(SqlConnection connection, Wave wave) {
        return connection
                .preparedQuery(
                        "insert into wave (id, name, spec, state, requested_by, created_at, concurrency, adjusted_at)"
                                + " values ($1, $2, $3, $4, $5, $6, $7, $6) on conflict (id) do nothing")
                .execute(Tuple.tuple()
                        .addValue(wave.id())
                        .addValue(wave.spec().name())
                        .addValue(wire.write(wave.spec()))
                        .addValue(wave.state().name())
                        .addValue(wave.requestedBy())
                        .addValue(at(wave.createdAt()))
                        .addValue(wave.concurrency()))
                .map(rows -> rows.rowCount() == 1);
    }

    public Uni<Optional<Wave>> find(UUID id) {
        return pool.preparedQuery(SELECT).execute(Tuple.of(id)).map(this::first);
    }

    /** Holds the row until the transaction ends. */
    public Uni<Optional<Wave>> lock(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery(SELECT + " for update")
                .execute(Tuple.of(id))
                .map(this::first);
    }

    public Uni<Void> update(SqlConnection connection, Wave wave) {
        return connection
                .preparedQuery(
                        "update wave set state = $2, reason = $3, ended_at = $4, selected_to = $5, selected = $6,"
                                + " failures = $7, concurrency = $8, adjusted_at = $9 where id = $1")
                .execute(Tuple.tuple()
                        .addValue(wave.id())
                        .addValue(wave.state().name())
                        .addValue(wave.reason())
                        .addValue(at(wave.endedAt()))
                        .addValue(wave.selectedTo())
                        .addValue(wave.selected())
                        .addValue(wave.failures())
                        .addValue(wave.concurrency())
                        .addValue(at(wave.adjustedAt())))
                .replaceWithVoid();
    }

    /** The newest first. */
    public Uni<List<Wave>> newest(int limit) {
        return pool.preparedQuery("select * from wave order by created_at desc limit $1")
                .execute(Tuple.of(limit))
                .map(this::all);
    }

    /** How many waves have not ended; absent for none. */
    Uni<Map<WaveState, Long>> byState() {
        return pool.query("select state, count(*) as count from wave where ended_at is null group by state")
                .execute()
                .map(rows -> {
                    var found = new EnumMap<WaveState, Long>(WaveState.class);
                    rows.forEach(row -> found.put(WaveState.valueOf(row.getString("state")), row.getLong("count")));
                    return found;
                });
    }

    /** Waves that have something to do; of one that waits for an operator, only what is under way is looked at. */
    public Uni<List<UUID>> live() {
        return pool.query("select id from wave w where ended_at is null and (state not in ('PAUSED', 'HALTED',"
                        + " 'ROLLBACK_PAUSED', 'ROLLBACK_HALTED') or exists (select from wave_account a"
                        + " where a.wave_id = w.id and a.state in ('MOVING', 'ROLLING_BACK'))) order by created_at")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("id"))
                        .toList());
    }

    /** Whether any wave selects, runs or is being cancelled; one that waits for an operator is not under way. */
    public Uni<Boolean> underWay() {
        return pool.query(
                        "select exists (select 1 from wave where ended_at is null and state not in ('PAUSED', 'HALTED',"
                                + " 'ROLLBACK_PAUSED', 'ROLLBACK_HALTED'))")
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** Takes or renews the lease. @return false if another process holds it */
    public Uni<Boolean> lease(UUID id) {
        return pool.preparedQuery("update wave set lease_owner = $2, lease_until = now() + interval '" + LEASE + "'"
                        + " where id = $1 and (lease_until is null or lease_until < now() or lease_owner = $2)")
                .execute(Tuple.of(id, owner))
                .map(rows -> rows.rowCount() == 1);
    }

    public Uni<Void> addStep(SqlConnection connection, Wave wave, Instant now) {
        return connection
                .preparedQuery("insert into wave_step (wave_id, number, state, at, reason)"
                        + " select $1, count(*), $2, $3, $4 from wave_step where wave_id = $1")
                .execute(Tuple.of(wave.id(), wave.state().name(), at(now), wave.reason()))
                .replaceWithVoid();
    }

    public Uni<List<WaveStep>> steps(SqlClient client, UUID id) {
        return client.preparedQuery("select state, at, reason from wave_step where wave_id = $1 order by number")
                .execute(Tuple.of(id))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new WaveStep(
                                WaveState.valueOf(row.getString("state")), instant(row, "at"), row.getString("reason")))
                        .toList());
    }

    /** Forgets the accounts of waves that ended before this time; what was done stays in the moves and receipts. */
    public Uni<Long> forgetEndedBefore(Instant time) {
        return pool.preparedQuery("with old as (update wave set spec = spec #- '{selector,accounts}'"
                        + " where ended_at <= $1 returning id)"
                        + " delete from wave_account where wave_id in (select id from old)")
                .execute(Tuple.of(at(time)))
                .map(rows -> (long) rows.rowCount());
    }

    private List<Wave> all(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(this::wave).toList();
    }

    private Optional<Wave> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    private Wave wave(Row row) {
        return new Wave(
                row.getUUID("id"),
                wire.read(row.getJsonObject("spec"), WaveSpec.class),
                WaveState.valueOf(row.getString("state")),
                row.getString("reason"),
                row.getString("requested_by"),
                instant(row, "created_at"),
                instant(row, "ended_at"),
                row.getUUID("selected_to"),
                row.getBoolean("selected"),
                row.getInteger("failures"),
                row.getInteger("concurrency"),
                instant(row, "adjusted_at"));
    }

    static OffsetDateTime at(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(Row row, String column) {
        var value = row.get(OffsetDateTime.class, column);
        return value == null ? null : value.toInstant();
    }
}
