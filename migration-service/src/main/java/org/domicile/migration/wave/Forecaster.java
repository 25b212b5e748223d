package org.domicile.migration.wave;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.domicile.migration.law.Heads;
import org.domicile.migration.law.Placement;
import org.domicile.migration.law.TransferLaw;
import org.domicile.migration.law.Verdict;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;

/** Says what a wave would be: accounts, law, bytes, hours. */
@ApplicationScoped
public class Forecaster {
    private static final double SECONDS_PER_HOUR = 3_600;
    /** The last moves that reached their cut-over: what was copied, and how long it took. */
    private static final String MOVED =
            "with moved as (select m.account_id, m.id, m.target, m.shadow_epoch, m.created_at"
                    + " from move m where m.state = 'CUT_OVER' and m.settled order by m.created_at desc limit 1000)"
                    + " select count(*) as samples, coalesce(avg(c.bytes), 0)::float8 as bytes,"
                    + " coalesce(avg(c.records), 0)::float8 as records,"
                    + " coalesce(avg(extract(epoch from s.at - moved.created_at)), 0)::float8 as seconds from moved"
                    + " join move_step s on s.account_id = moved.account_id and s.move_id = moved.id and s.state = 'CUT_OVER'"
                    + " cross join lateral (select sum((k.body->'progress'->>'bytes')::bigint) as bytes,"
                    + " sum((k.body->'progress'->>'records')::bigint) as records from ack k"
                    + " where k.account_id = moved.account_id and k.region = moved.target and k.epoch = moved.shadow_epoch) c";

    private final Pool pool;
    private final Clock clock;
    private final Regions regions;
    private final TransferLaw law;
    private final Heads heads;
    private final Placement placement;
    private final WaveSelection selection;
    private final MigrationConfig config;

    @Inject
    public Forecaster(
            Pool pool,
            Clock clock,
            Regions regions,
            TransferLaw law,
            Heads heads,
            Placement placement,
            WaveSelection selection,
            MigrationConfig config) {
        this.pool = pool;
        this.clock = clock;
        this.regions = regions;
        this.law = law;
        this.heads = heads;
        this.placement = placement;
        this.selection = selection;
        this.config = config;
    }

    /** @return fails with INVALID_REQUEST, or WRONG_REGION if the selector's accounts live elsewhere */
    public Uni<WaveForecast> forecast(WaveSpec spec) {
        requireHere(spec);
        return selection.count(spec).flatMap(counts -> Multi.createFrom()
                .iterable(counts.entrySet())
                .onItem()
                .transformToUniAndConcatenate(entry -> market(spec, entry.getKey(), entry.getValue()))
                .collect()
                .asList()
                .flatMap(markets -> sizes().map(sizes -> forecast(spec, markets, sizes))));
    }

    private void requireHere(WaveSpec spec) {
        var here = regions.self().id();
        var home = spec.selector().home();
        var named = Stream.of(home, spec.to())
                .filter(region -> region != null && regions.find(region).isEmpty());
        named.findFirst().ifPresent(region -> {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "The region \"" + region + "\" is not on the region list.");
        });
        if (home != null && !home.equals(here)) {
            throw new ProblemException(
                    ErrorCode.WRONG_REGION,
                    "A wave is ordered where its accounts live: send it to " + home + ".",
                    Map.of(
                            "homeRegion",
                            home,
                            "location",
                            regions.get(home).publicUrls().get("migration").toString()));
        }
        if (here.equals(spec.to())) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "The accounts of this region live in " + here + " already.");
        }
    }

    private Uni<WaveForecast.Market> market(WaveSpec spec, String market, long accounts) {
        var from = regions.self().id();
        var to = spec.target().or(() -> placement.target(market)).orElseThrow();
        return heads.people(pool, market).map(used -> {
            var verdict = law.decide(market, from, to, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), used);
            return new WaveForecast.Market(market, from, to, accounts, verdict, threshold(market, verdict, used));
        });
    }

    /** The lowest of the numbers that the law sets for the bases of this move. */
    private WaveForecast.Threshold threshold(String market, Verdict verdict, long used) {
        return Stream.concat(
                        verdict.covered().stream().map(Verdict.Coverage::basis),
                        verdict.exhausted().stream().map(Verdict.Exhausted::basis))
                .distinct()
                .filter(basis -> law.ceiling(market, basis).isPresent())
                .map(basis -> {
                    var people = law.ceiling(market, basis).getAsLong();
                    return new WaveForecast.Threshold(basis, people, used, Math.max(0, people - used));
                })
                .min(Comparator.comparingLong(WaveForecast.Threshold::people))
                .orElse(null);
    }

    private Uni<WaveForecast.Sizes> sizes() {
        return pool.query(MOVED).execute().map(rows -> {
            var row = rows.iterator().next();
            var assumed = config.forecast();
            return row.getLong("samples") == 0
                    ? new WaveForecast.Sizes("assumed", 0, assumed.bytes(), assumed.records(), assumed.seconds())
                    : new WaveForecast.Sizes(
                            "moved-accounts",
                            row.getLong("samples"),
                            row.getDouble("bytes"),
                            row.getDouble("records"),
                            row.getDouble("seconds"));
        });
    }

    static WaveForecast forecast(WaveSpec spec, List<WaveForecast.Market> markets, WaveForecast.Sizes sizes) {
        var accounts = markets.stream().mapToLong(WaveForecast.Market::accounts).sum();
        var listed = spec.selector().accounts();
        var bytes = accounts * sizes.bytes();
        var records = accounts * sizes.records();
        var hours = seconds(spec, accounts, sizes, bytes, records) / SECONDS_PER_HOUR;
        var open = spec.window() == null ? 1 : spec.window().fraction();
        return new WaveForecast(
                accounts,
                listed == null ? 0 : Math.max(0, listed.stream().distinct().count() - accounts),
                Math.round(bytes),
                Math.round(records),
                hours,
                hours / open,
                markets.stream().allMatch(market -> market.verdict().allowed()),
                sizes,
                markets);
    }

    /** The slowest of what limits a wave: moves at a time, bytes and records a second. */
    private static double seconds(
            WaveSpec spec, long accounts, WaveForecast.Sizes sizes, double bytes, double records) {
        var limits = spec.limits();
        var seconds = accounts * sizes.seconds() / spec.concurrency();
        if (limits.bytesPerSecond() != null) {
            seconds = Math.max(seconds, bytes / limits.bytesPerSecond());
        }
        return limits.recordsPerSecond() == null ? seconds : Math.max(seconds, records / limits.recordsPerSecond());
    }
}
