package org.domicile.migration.wave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.domicile.migration.law.Verdict;
import org.domicile.migration.wave.WaveForecast.Market;
import org.domicile.migration.wave.WaveForecast.Sizes;
import org.domicile.migration.wave.WaveSpec.Limits;
import org.domicile.migration.wave.WaveSpec.Selector;
import org.domicile.migration.wave.WaveSpec.Window;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;

class ForecasterTest {
    private static final Sizes SIZES = new Sizes("moved-accounts", 10, 2_000_000, 50, 3);

    @Test
    void bytes_and_records_are_those_of_all_accounts_of_all_markets() {
        var forecast = Forecaster.forecast(spec(10, null, null), List.of(market("SG", 900), market("IN", 100)), SIZES);

        assertEquals(1_000, forecast.accounts());
        assertEquals(2_000_000_000L, forecast.bytes());
        assertEquals(50_000, forecast.records());
    }

    @Test
    void a_wave_takes_as_long_as_what_limits_it_most() {
        assertEquals(300, seconds(spec(10, null, null)), "1,000 moves of 3 s, ten at a time");
        assertEquals(2_000, seconds(spec(10, limits(1_000_000L, null), null)), "2 GB at 1 MB a second");
        assertEquals(500, seconds(spec(10, limits(null, 100L), null)), "50,000 records at 100 a second");
        assertEquals(2_000, seconds(spec(10, limits(1_000_000L, 100L), null)), "both");
        assertEquals(300, seconds(spec(10, limits(1_000_000_000L, 1_000_000L), null)), "neither");
    }

    @Test
    void a_window_stretches_the_days_and_not_the_work() {
        var night = new Window(LocalTime.of(23, 0), LocalTime.of(5, 0), ZoneId.of("UTC"));

        var forecast = Forecaster.forecast(spec(10, null, night), List.of(market("SG", 1_000)), SIZES);

        assertEquals(300, forecast.hours() * 3_600, 0.001);
        assertEquals(1_200, forecast.elapsedHours() * 3_600, 0.001, "open for a quarter of the day");
    }

    @Test
    void accounts_that_are_named_and_not_found_are_counted_once() {
        var named = Stream.generate(AccountId::create).limit(3).toList();
        var twice = Stream.concat(named.stream(), named.stream()).toList();
        var spec =
                new WaveSpec(null, new Selector(null, null, twice, null, null, null), null, null, 10, null, null, null);

        assertEquals(
                1, Forecaster.forecast(spec, List.of(market("SG", 2)), SIZES).notHere());
    }

    @Test
    void one_market_that_is_refused_refuses_the_wave() {
        assertTrue(Forecaster.forecast(spec(1, null, null), List.of(market("SG", 1)), SIZES)
                .allowed());
        var refused = new Market("CN", "cn-north", "ap-southeast", 1, verdict(false), null);
        assertFalse(Forecaster.forecast(spec(1, null, null), List.of(market("SG", 1), refused), SIZES)
                .allowed());
    }

    private static double seconds(WaveSpec spec) {
        return Math.round(
                Forecaster.forecast(spec, List.of(market("SG", 1_000)), SIZES).hours() * 3_600);
    }

    private static WaveSpec spec(int concurrency, Limits limits, Window window) {
        return new WaveSpec(null, null, null, window, concurrency, limits, null, null);
    }

    private static Limits limits(Long bytes, Long records) {
        return new Limits(bytes, records, null, null);
    }

    private static Market market(String market, long accounts) {
        return new Market(market, "cn-north", "ap-southeast", accounts, verdict(true), null);
    }

    private static Verdict verdict(boolean allowed) {
        return new Verdict(allowed, List.of(), List.of(), List.of(), List.of());
    }
}
