package org.domicile.migration.wave;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Puts together what is known of a wave, from the database alone. */
@ApplicationScoped
public class WaveViews {
    private static final int NEWEST = 50;
    private static final Duration RATE = Duration.ofMinutes(1);
    /** What is over is added up already ({@link Members#collect}); only what is under way is looked at. */
    private static final String SERVICES = "with live as (select k.service,"
            + " sum((k.body->'progress'->>'records')::bigint)::bigint as records,"
            + " sum((k.body->'progress'->>'bytes')::bigint)::bigint as bytes,"
            + " sum((k.body->'progress'->>'behind')::bigint)::bigint as behind,"
            + " count(*) filter (where not (k.body->>'done')::boolean) as copying from wave_account a join move m on"
            + " m.id = a.move_id join ack k on k.account_id = a.account_id and k.region = m.target and k.epoch ="
            + " m.shadow_epoch where a.wave_id = $1 and a.state = 'MOVING' group by k.service) select service,"
            + " coalesce(ended.records, 0) + coalesce(live.records, 0) as records, coalesce(ended.bytes, 0) +"
            + " coalesce(live.bytes, 0) as bytes, coalesce(live.behind, 0) as behind, coalesce(live.copying, 0) as"
            + " copying from (select * from wave_progress where wave_id = $1) ended full join live using (service)"
            + " order by service";
    /** Moves that are paused, or in one state for too long; and what ended without success. */
    private static final String STUCK = "select a.account_id, a.move_id, a.state, m.state as move_state,"
            + " coalesce(s.at, a.ended_at, a.started_at) as since, coalesce(a.reason, m.reason, t.trouble, 'waiting in '"
            + " || m.state) as reason from wave_account a left join move m on m.id = a.move_id left join lateral (select"
            + " max(at) as at from move_step x where x.account_id = a.account_id and x.move_id = a.move_id) s on true left"
            + " join lateral (select k.service || ' in ' || k.region || ': ' || (k.body->>'trouble') as trouble from ack k"
            + " where k.account_id = a.account_id and k.epoch >= m.shadow_epoch and m.shadow_epoch > 0 and"
            + " k.body->>'trouble' is not null order by k.epoch desc limit 1) t on true where a.wave_id = $1"
            + " and (a.state not in ('WAITING', 'MOVED', 'ROLLED_BACK') or a.retry_at is not null) and (a.state"
            + " in ('FAILED', 'REFUSED', 'SKIPPED', 'STAYED', 'ROLLBACK_FAILED') or a.state = 'ROLLING_BACK' and a.reason"
            + " is not null or a.state = 'WAITING' and a.retry_at is not null and $3 or a.state = 'MOVING' and (m.state in"
            + " ('PAUSED', 'ABORTED', 'QUARANTINED') or s.at < $2))";

    private static final String LONGEST = STUCK + " order by since limit 100";
    private static final String PAGE = STUCK + " and a.account_id > $4 order by a.account_id limit $5";

    private final Pool pool;
    private final Clock clock;
    private final WaveStore waves;
    private final Members members;
    private final MigrationConfig config;

    @Inject
    public WaveViews(Pool pool, Clock clock, WaveStore waves, Members members, MigrationConfig config) {
        this.pool = pool;
        this.clock = clock;
        this.waves = waves;
        this.members = members;
        this.config = config;
    }

    /** @return fails with NOT_FOUND */
    public Uni<WaveView> view(UUID id) {
        return found(id).flatMap(this::view);
    }

    private Uni<Wave> found(UUID id) {
        return waves.find(id)
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such wave here.")));
    }

    /** The newest first. */
    public Uni<List<WaveView>> newest() {
        return waves.newest(NEWEST)
                .onItem()
                .transformToMulti(all -> Multi.createFrom().iterable(all))
                .onItem()
                .transformToUniAndConcatenate(this::view)
                .collect()
                .asList();
    }

    public Uni<WaveView> view(Wave wave) {
        var now = clock.instant();
        return members.counts(pool, wave.id()).flatMap(counts -> rate(wave, now).flatMap(rate -> services(wave)
                .flatMap(services -> stuck(wave, now).flatMap(stuck -> waves.steps(pool, wave.id())
                        .map(steps -> view(wave, counts, rate, services, stuck, steps, now))))));
    }

    private static WaveView view(
            Wave wave,
            Map<MemberState, Long> counts,
            double rate,
            List<WaveView.Service> services,
            List<WaveView.Stuck> stuck,
            List<WaveStep> steps,
            Instant now) {
        var left = left(wave, counts);
        var eta = left > 0 && rate > 0 ? now.plusSeconds((long) Math.ceil(left / rate)) : null;
        return new WaveView(
                wave.id(),
                wave.spec().name(),
                wave.state(),
                wave.reason(),
                wave.requestedBy(),
                wave.createdAt(),
                wave.endedAt(),
                wave.spec(),
                wave.concurrency(),
                wave.failures(),
                counts,
                rate,
                eta,
                services,
                stuck,
                steps);
    }

    /** Accounts that the wave has still to move, or to bring back. */
    private static long left(Wave wave, Map<MemberState, Long> counts) {
        return switch (wave.state()) {
            case RUNNING -> counts.getOrDefault(MemberState.WAITING, 0L) + counts.getOrDefault(MemberState.MOVING, 0L);
            case ROLLING_BACK ->
                counts.getOrDefault(MemberState.MOVED, 0L) + counts.getOrDefault(MemberState.ROLLING_BACK, 0L);
            default -> 0;
        };
    }

    /** Accounts that ended a second, over the last minute, or since the wave began if that is less. */
    private Uni<Double> rate(Wave wave, Instant now) {
        var since = wave.createdAt().isAfter(now.minus(RATE)) ? wave.createdAt() : now.minus(RATE);
        return pool.preparedQuery("select count(*) as ended from wave_account where wave_id = $1 and ended_at > $2")
                .execute(Tuple.of(wave.id(), WaveStore.at(since)))
                .map(rows -> rows.iterator().next().getLong("ended")
                        / Math.max(1.0, Duration.between(since, now).toMillis() / 1_000.0));
    }

    private Uni<List<WaveView.Service>> services(Wave wave) {
        return pool.preparedQuery(SERVICES).execute(Tuple.of(wave.id())).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .map(row -> new WaveView.Service(
                        row.getString("service"),
                        row.getLong("records"),
                        row.getLong("bytes"),
                        row.getLong("behind"),
                        row.getLong("copying")))
                .toList());
    }

    private Uni<List<WaveView.Stuck>> stuck(Wave wave, Instant now) {
        return stuck(LONGEST, stuckIn(wave, now));
    }

    /** All that are stuck, in account order. @param after null = from the first on. @return fails with NOT_FOUND */
    public Uni<List<WaveView.Stuck>> stuck(UUID id, UUID after, int limit) {
        return found(id)
                .flatMap(wave -> stuck(
                        PAGE,
                        stuckIn(wave, clock.instant())
                                .addValue(after == null ? new UUID(0, 0) : after)
                                .addValue(limit)));
    }

    private Tuple stuckIn(Wave wave, Instant now) {
        return Tuple.of(
                wave.id(),
                WaveStore.at(now.minus(config.stuckAfter())),
                wave.state().forwards());
    }

    private Uni<List<WaveView.Stuck>> stuck(String query, Tuple parameters) {
        return pool.preparedQuery(query).execute(parameters).map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .map(WaveViews::stuck)
                .toList());
    }

    private static WaveView.Stuck stuck(Row row) {
        return new WaveView.Stuck(
                new AccountId(row.getUUID("account_id")),
                row.getUUID("move_id"),
                MemberState.valueOf(row.getString("state")),
                row.getString("move_state"),
                WaveStore.instant(row, "since"),
                row.getString("reason"));
    }
}
