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
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.platform.account.AccountId;

/** The accounts of waves. */
@ApplicationScoped
public class Members {
    /** What its coordinator gave up waits for another attempt, a while longer after each; what the others copied is added up. */
    private static final String SETTLED = "with settled as (select a.account_id, a.attempts, m.reason, m.target,"
            + " m.shadow_epoch, case"
            + " when m.state = 'ABORTED' and m.aborted_by is null and a.attempts < $3 then 'WAITING'"
            + " when m.state in ('ABORTED', 'QUARANTINED') then 'FAILED'"
            + " when m.state = 'ERASING' then 'SKIPPED' else 'MOVED' end as state"
            + " from wave_account a join move m on m.id = a.move_id"
            + " where a.wave_id = $1 and a.state = 'MOVING' and m.settled), copied as (insert into wave_progress (wave_id,"
            + " service, records, bytes) select $1, k.service, coalesce(sum((k.body->'progress'->>'records')::bigint), 0),"
            + " coalesce(sum((k.body->'progress'->>'bytes')::bigint), 0) from settled s join ack k on k.account_id ="
            + " s.account_id and k.region = s.target and k.epoch = s.shadow_epoch where s.state <> 'WAITING' group by"
            + " k.service on conflict (wave_id, service) do update set records = wave_progress.records +"
            + " excluded.records, bytes = wave_progress.bytes + excluded.bytes)"
            + " update wave_account a set state = s.state, reason = s.reason,"
            + " ended_at = case when s.state = 'WAITING' then null else $2::timestamptz end,"
            + " retry_at = case when s.state = 'WAITING' then $2::timestamptz + make_interval(secs => s.attempts * $4) end"
            + " from settled s where a.wave_id = $1 and a.account_id = s.account_id returning a.state";
    /** The baton of its rollback has come. */
    private static final String BACK = "update wave_account a set state = 'ROLLED_BACK', ended_at = $2 from move m"
            + " where a.wave_id = $1 and a.state = 'ROLLING_BACK' and m.id = a.move_id and m.state = 'ROLLED_BACK'";
    /** The 90th percentile of the slower end's latency, over the copies under way. */
    private static final String LATENCY = "select percentile_cont(0.9) within group (order by"
            + " greatest((k.body->'progress'->>'sourceMicros')::bigint, (k.body->'progress'->>'targetMicros')::bigint))"
            + " as micros from wave_account a join move m on m.id = a.move_id join ack k on k.account_id = a.account_id"
            + " and k.region = m.target and k.epoch = m.shadow_epoch where a.wave_id = $1 and a.state = 'MOVING'";
    /** The 90th percentile of the write pauses, as the coordinator sees them; those under way count once they are too long. */
    private static final String PAUSE =
            "select percentile_cont(0.9) within group (order by micros) as micros from (select"
                    + " extract(epoch from coalesce(ended.at, clock_timestamp()) - fenced.at) * 1000000 as micros,"
                    + " ended.at is not null as over from wave_account a join move_step fenced on"
                    + " fenced.account_id = a.account_id and fenced.move_id = a.move_id and fenced.state = 'FENCING'"
                    + " left join move_step ended on ended.account_id = a.account_id and ended.move_id = a.move_id"
                    + " and ended.state in ('CUT_OVER', 'ABORTED', 'QUARANTINED') where a.wave_id = $1"
                    + " and (a.state = 'MOVING' or a.ended_at > $2) and fenced.at > $2) pause where over or micros > $3";

    private final Pool pool;
    private final MigrationConfig config;

    @Inject
    public Members(Pool pool, MigrationConfig config) {
        this.pool = pool;
        this.config = config;
    }

    public Uni<Map<MemberState, Long>> counts(SqlClient client, UUID wave) {
        return client.preparedQuery(
                        "select state, count(*) as accounts from wave_account where wave_id = $1 group by state")
                .execute(Tuple.of(wave))
                .map(Members::byState);
    }

    private static Map<MemberState, Long> byState(RowSet<Row> rows) {
        var counts = new EnumMap<MemberState, Long>(MemberState.class);
        rows.forEach(row -> counts.put(MemberState.valueOf(row.getString("state")), row.getLong("accounts")));
        return counts;
    }

    /**
     * What is left to do: accounts that wait, that are under way, and that have moved. Counted as far as the wave may have moves at a
     * time, and one more, so that a look costs the same whatever the size of the wave.
     */
    Uni<Map<MemberState, Long>> left(SqlClient client, Wave wave) {
        return client.preparedQuery("select s.state, (select count(*) from (select from wave_account a"
                        + " where a.wave_id = $1 and a.state = s.state limit $2) few) as accounts"
                        + " from unnest(array['WAITING', 'MOVING', 'MOVED', 'ROLLING_BACK']) s (state)")
                .execute(Tuple.of(wave.id(), wave.spec().concurrency() + 1))
                .map(Members::byState);
    }

    /** Takes note of the moves that are settled, and of the accounts that are back. @return how many moves failed */
    public Uni<Integer> collect(SqlConnection connection, Wave wave, Instant now) {
        var attempts = wave.state().forwards() ? wave.spec().attempts() : 0;
        return connection
                .preparedQuery(SETTLED)
                .execute(Tuple.of(
                        wave.id(),
                        WaveStore.at(now),
                        attempts,
                        config.retryAfter().toMillis() / 1_000.0))
                .call(settled -> connection.preparedQuery(BACK).execute(Tuple.of(wave.id(), WaveStore.at(now))))
                .map(rows -> (int) StreamSupport.stream(rows.spliterator(), false)
                        .filter(row -> row.getString("state").equals(MemberState.FAILED.name()))
                        .count());
    }

    /** Whose turn it is; what is tried again has its own time. */
    public Uni<List<AccountId>> waiting(UUID wave, long limit, Instant now) {
        return accounts(
                "select account_id from wave_account where wave_id = $1 and state = 'WAITING'"
                        + " and (retry_at is null or retry_at <= $3) and not exists (select from restored_unasked)"
                        + " and not exists (select from forgotten_move f where f.account_id = wave_account.account_id)"
                        + " order by account_id limit $2",
                Tuple.of(wave, limit, WaveStore.at(now)));
    }

    public Uni<List<AccountId>> inState(UUID wave, MemberState state, long limit) {
        return accounts(
                "select account_id from wave_account where wave_id = $1 and state = $2 order by account_id limit $3",
                Tuple.of(wave, state.name(), limit));
    }

    private Uni<List<AccountId>> accounts(String query, Tuple parameters) {
        return pool.preparedQuery(query).execute(parameters).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new AccountId(row.getUUID("account_id")))
                .toList());
    }

    /** Takes a waiting account of a wave that runs; one that is paused meanwhile begins nothing. */
    public Uni<Boolean> take(SqlConnection connection, UUID wave, AccountId account, Instant now) {
        return connection
                .preparedQuery("update wave_account set state = 'MOVING', reason = null, started_at = $3,"
                        + " attempts = attempts + 1, retry_at = null"
                        + " where wave_id = $1 and account_id = $2 and state = 'WAITING'"
                        + " and exists (select from wave where id = $1 and state = 'RUNNING' for share)")
                .execute(Tuple.of(wave, account.value(), WaveStore.at(now)))
                .map(rows -> rows.rowCount() == 1);
    }

    public Uni<Void> moving(SqlConnection connection, UUID wave, AccountId account, UUID move) {
        return connection
                .preparedQuery("update wave_account set move_id = $3 where wave_id = $1 and account_id = $2")
                .execute(Tuple.of(wave, account.value(), move))
                .replaceWithVoid();
    }

    /** Writes down why a waiting account's move did not begin. */
    public Uni<Void> turnDown(UUID wave, AccountId account, MemberState state, String reason, Instant now) {
        return pool.preparedQuery("update wave_account set state = $3, reason = $4, ended_at = $5,"
                        + " retry_at = null"
                        + " where wave_id = $1 and account_id = $2 and state = 'WAITING'")
                .execute(Tuple.of(wave, account.value(), state.name(), reason, WaveStore.at(now)))
                .replaceWithVoid();
    }

    /** The move of a waiting account did not begin, for no reason of its own: it is tried again later. @return whether it has failed for good */
    Uni<Boolean> stumbled(SqlConnection connection, Wave wave, AccountId account, String reason, Instant now) {
        return connection
                .preparedQuery("update wave_account set attempts = attempts + 1, reason = $3,"
                        + " state = case when attempts + 1 < $4 then 'WAITING' else 'FAILED' end,"
                        + " retry_at = case when attempts + 1 < $4"
                        + " then $5::timestamptz + make_interval(secs => (attempts + 1) * $6) end,"
                        + " ended_at = case when attempts + 1 < $4 then null else $5::timestamptz end"
                        + " where wave_id = $1 and account_id = $2 and state = 'WAITING' returning state")
                .execute(Tuple.tuple()
                        .addValue(wave.id())
                        .addValue(account.value())
                        .addValue(reason)
                        .addValue(wave.spec().attempts())
                        .addValue(WaveStore.at(now))
                        .addValue(config.retryAfter().toMillis() / 1_000.0))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .anyMatch(row -> row.getString("state").equals(MemberState.FAILED.name())));
    }

    /** What the law refused waits again. */
    public Uni<Void> requeueRefused(SqlConnection connection, UUID wave) {
        return connection
                .preparedQuery("update wave_account set state = 'WAITING', reason = null, ended_at = null"
                        + " where wave_id = $1 and state = 'REFUSED'")
                .execute(Tuple.of(wave))
                .replaceWithVoid();
    }

    /** What waits is not begun any more. */
    public Uni<Void> skipWaiting(SqlConnection connection, UUID wave, Instant now) {
        return connection
                .preparedQuery(
                        "update wave_account set state = 'SKIPPED', reason = 'the wave was rolled back before its"
                                + " turn', ended_at = $2, retry_at = null where wave_id = $1 and state = 'WAITING'")
                .execute(Tuple.of(wave, WaveStore.at(now)))
                .replaceWithVoid();
    }

    /** What could not be rolled back is tried again. */
    public Uni<Void> requeueFailedRollbacks(SqlConnection connection, UUID wave) {
        return connection
                .preparedQuery("update wave_account set state = 'MOVED', reason = null, rollback_id = null"
                        + " where wave_id = $1 and state = 'ROLLBACK_FAILED'")
                .execute(Tuple.of(wave))
                .replaceWithVoid();
    }

    public Uni<Optional<String>> refusal(SqlClient client, UUID wave) {
        return client.preparedQuery("select reason from wave_account where wave_id = $1 and state = 'REFUSED' limit 1")
                .execute(Tuple.of(wave))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString("reason"))
                        .findFirst());
    }

    Uni<Strain> strain(SqlClient client, Wave wave) {
        var since = Tuple.of(
                wave.id(),
                WaveStore.at(wave.adjustedAt()),
                wave.spec().limits().pause().toNanos() / 1_000);
        return measured(client, LATENCY, Tuple.of(wave.id()))
                .flatMap(latency -> measured(client, PAUSE, since).map(pause -> new Strain(latency, pause)));
    }

    private static Uni<Optional<Duration>> measured(SqlClient client, String query, Tuple parameters) {
        return client.preparedQuery(query).execute(parameters).map(rows -> {
            var micros = rows.iterator().next().getDouble("micros");
            return Optional.ofNullable(micros).map(m -> Duration.ofNanos((long) (m * 1_000)));
        });
    }

    /** The moves under way that the wave began. */
    public Uni<List<UUID>> moves(UUID wave) {
        return pool.preparedQuery("select move_id from wave_account where wave_id = $1 and state = 'MOVING'")
                .execute(Tuple.of(wave))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("move_id"))
                        .toList());
    }

    /** A page of accounts in account order. @param state null = all */
    public Uni<List<WaveView.Member>> page(UUID wave, MemberState state, UUID after, int limit) {
        return pool.preparedQuery("select * from wave_account where wave_id = $1 and ($2::text is null or state = $2)"
                        + " and account_id > $3 order by account_id limit $4")
                .execute(Tuple.of(
                        wave, state == null ? null : state.name(), after == null ? new UUID(0, 0) : after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Members::member)
                        .toList());
    }

    private static WaveView.Member member(Row row) {
        return new WaveView.Member(
                new AccountId(row.getUUID("account_id")),
                MemberState.valueOf(row.getString("state")),
                row.getUUID("move_id"),
                row.getInteger("attempts"),
                row.getString("reason"),
                WaveStore.instant(row, "started_at"),
                WaveStore.instant(row, "ended_at"));
    }
}
