package org.domicile.migration.wave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.domicile.migration.wave.WaveSpec.Limits;
import org.domicile.migration.wave.WaveSpec.Window;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

class WaveRulesTest {
    private static final Strain NOTHING = new Strain(Optional.empty(), Optional.empty());
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Window NIGHT =
            new Window(LocalTime.of(22, 0), LocalTime.of(5, 0), ZoneId.of("Asia/Singapore"));

    @Test
    void a_wave_with_nothing_waiting_or_moving_is_done() {
        assertEquals(WaveState.DONE, next(running(0), 0, 0).orElseThrow().state());
        assertTrue(next(running(0), 1, 0).isEmpty());
        assertTrue(next(running(0), 0, 1).isEmpty());
    }

    @Test
    void the_failure_above_the_budget_halts_and_resuming_gives_a_fresh_one() {
        assertTrue(next(running(2).failed(2), 5, 1).isEmpty());

        var halted = next(running(2).failed(3), 5, 1).orElseThrow();

        assertEquals(WaveState.HALTED, halted.state());
        assertEquals("3 moves failed; the error budget is 2.", halted.reason());
        assertEquals(0, halted.to(WaveState.RUNNING, null, NOON).failures());
    }

    @Test
    void a_refusal_of_the_law_halts() {
        var halted = WaveRules.next(running(9), accounts(5, 1), Optional.of("No transfer basis"), NOON)
                .orElseThrow();

        assertEquals("No transfer basis", halted.reason());
    }

    @Test
    void a_cancelled_wave_ends_when_its_last_move_has() {
        var cancelling = running(0).to(WaveState.CANCELLING, null, NOON);

        assertTrue(next(cancelling, 7, 1).isEmpty());
        assertEquals(WaveState.CANCELLED, next(cancelling, 7, 0).orElseThrow().state());
    }

    @Test
    void moves_begin_in_the_window_only_and_never_more_than_allowed() {
        var wave = running(wave(NIGHT, null));

        assertEquals(
                4, WaveRules.room(wave, accounts(9, 0), Instant.parse("2026-11-22T14:00:00Z")), "22:00 in Singapore");
        assertEquals(1, WaveRules.room(wave, accounts(9, 3), Instant.parse("2026-11-22T20:59:59Z")), "04:59:59");
        assertEquals(0, WaveRules.room(wave, accounts(9, 0), Instant.parse("2026-11-22T21:00:00Z")), "05:00");
        assertEquals(0, WaveRules.room(wave, accounts(9, 0), NOON), "20:00");
        assertEquals(0, WaveRules.room(running(0), accounts(9, 9), NOON), "fewer are allowed than are under way");
        assertEquals(0, WaveRules.room(running(0).to(WaveState.PAUSED, null, NOON), accounts(9, 0), NOON));
    }

    @Test
    void a_window_knows_its_part_of_the_day() {
        assertEquals(7 / 24.0, NIGHT.fraction());
        assertEquals(1, new Window(LocalTime.NOON, LocalTime.NOON, ZoneId.of("UTC")).fraction());
        assertTrue(new Window(LocalTime.of(1, 0), LocalTime.of(3, 0), ZoneId.of("UTC")).open(LocalTime.of(1, 0)));
        assertFalse(new Window(LocalTime.of(1, 0), LocalTime.of(3, 0), ZoneId.of("UTC")).open(LocalTime.of(3, 0)));
    }

    @Test
    void a_slow_end_halves_the_moves_and_a_fast_one_adds_one_at_a_time() {
        var wave = running(wave(null, new Limits(null, null, Duration.ofMillis(100), null)));
        var later = wave.adjustedAt().plus(WaveRules.ADJUSTMENT);
        var slow = latency(101);
        var fast = latency(100);

        assertEquals(4, WaveRules.adjusted(wave, slow, later.minusMillis(1)).concurrency(), "too soon");
        var halved = WaveRules.adjusted(wave, slow, later);
        assertEquals(2, halved.concurrency());
        assertEquals(1, adjustedLater(adjustedLater(halved, slow), slow).concurrency(), "never none");
        assertEquals(3, adjustedLater(halved, fast).concurrency());
        assertEquals(4, WaveRules.adjusted(wave, fast, later).concurrency(), "never more than ordered");
        assertEquals(4, WaveRules.adjusted(wave, NOTHING, later).concurrency());
        assertEquals(4, adjustedLater(running(wave(null, null)), slow).concurrency(), "no limit was ordered");
    }

    @Test
    void a_long_pause_halves_the_moves_and_short_ones_add_a_quarter() {
        var wave = running(new WaveSpec(null, null, null, null, 64, null, null, null));
        var most = pause(1_000);

        assertEquals(4, wave.concurrency(), "nothing is known yet");
        assertEquals(2, adjustedLater(wave, pause(1_001)).concurrency());
        assertEquals(5, adjustedLater(wave, most).concurrency());
        for (int look = 0; look < 15; look++) {
            wave = adjustedLater(wave, most);
        }
        assertEquals(64, wave.concurrency(), "half a minute");
        assertEquals(64, adjustedLater(wave, NOTHING).concurrency());
        assertEquals(32, adjustedLater(wave, pause(1_001)).concurrency());
        var patient = running(new WaveSpec(
                null, null, null, null, 64, new Limits(null, null, null, Duration.ofSeconds(2)), null, null));
        assertEquals(5, adjustedLater(patient, pause(2_000)).concurrency());
    }

    @Test
    void an_order_that_makes_no_sense_names_the_member() {
        for (var spec : new WaveSpec[] {
            new WaveSpec(null, null, null, null, 0, null, null, null),
            new WaveSpec(null, null, null, null, null, new Limits(0L, null, null, null), null, null),
            new WaveSpec(null, null, null, null, null, new Limits(null, null, Duration.ZERO, null), null, null),
            new WaveSpec(null, null, null, null, null, new Limits(null, null, null, Duration.ZERO), null, null),
            new WaveSpec(null, null, null, new Window(LocalTime.NOON, null, null), null, null, null, null),
            new WaveSpec(null, null, null, null, null, null, -1, null)
        }) {
            var problem = assertThrows(ProblemException.class, spec::checked);
            assertTrue(problem.problem().detail().startsWith("\""), problem.getMessage());
        }
    }

    @Test
    void a_rollback_ends_when_nothing_is_left_to_bring_back() {
        var wave = running(0).to(WaveState.ROLLING_BACK, null, NOON);

        for (var left : new MemberState[] {MemberState.MOVING, MemberState.MOVED, MemberState.ROLLING_BACK}) {
            assertTrue(WaveRules.next(wave, Map.of(left, 1L), Optional.empty(), NOON)
                    .isEmpty());
        }
        var ended =
                WaveRules.next(wave, Map.of(MemberState.STAYED, 3L, MemberState.SKIPPED, 4L), Optional.empty(), NOON);
        assertEquals(WaveState.ROLLED_BACK, ended.orElseThrow().state());
    }

    @Test
    void rollbacks_that_fail_above_the_budget_halt_and_resuming_gives_a_fresh_one() {
        var wave = running(1).failed(9).to(WaveState.ROLLING_BACK, null, NOON);
        assertEquals(0, wave.failures(), "the rollback has a budget of its own");
        assertTrue(next(wave.failed(1), 0, 1).isEmpty());

        var halted = next(wave.failed(2), 0, 1).orElseThrow();

        assertEquals(WaveState.ROLLBACK_HALTED, halted.state());
        assertEquals("2 rollbacks failed; the error budget is 1.", halted.reason());
        assertEquals(0, halted.to(WaveState.ROLLING_BACK, null, NOON).failures());
    }

    @Test
    void a_rollback_keeps_the_waves_window_and_its_moves_at_a_time() {
        var wave = running(wave(NIGHT, null)).to(WaveState.ROLLING_BACK, null, NOON);
        var night = Instant.parse("2026-11-22T14:00:00Z");
        var accounts = Map.of(MemberState.MOVED, 9L, MemberState.ROLLING_BACK, 3L, MemberState.MOVING, 4L);

        assertEquals(1, WaveRules.room(wave, accounts, night));
        assertEquals(0, WaveRules.room(wave, accounts, NOON));
        assertEquals(0, WaveRules.room(wave.to(WaveState.ROLLBACK_PAUSED, null, NOON), accounts, night));
    }

    private static Map<MemberState, Long> accounts(long waiting, long moving) {
        return Map.of(MemberState.WAITING, waiting, MemberState.MOVING, moving);
    }

    private static Strain latency(int millis) {
        return new Strain(Optional.of(Duration.ofMillis(millis)), Optional.empty());
    }

    private static Strain pause(int millis) {
        return new Strain(Optional.empty(), Optional.of(Duration.ofMillis(millis)));
    }

    private static Wave adjustedLater(Wave wave, Strain strain) {
        return WaveRules.adjusted(wave, strain, wave.adjustedAt().plus(WaveRules.ADJUSTMENT));
    }

    private static Optional<Wave> next(Wave wave, long waiting, long moving) {
        return WaveRules.next(wave, accounts(waiting, moving), Optional.empty(), NOON);
    }

    private static Wave running(int budget) {
        return running(new WaveSpec(null, null, null, null, null, null, budget, null));
    }

    private static WaveSpec wave(Window window, Limits limits) {
        return new WaveSpec(null, null, null, window, 4, limits, null, null);
    }

    private static Wave running(WaveSpec spec) {
        return Wave.ordered(UUID.randomUUID(), spec, "operator", NOON)
                .selectedUpTo(null)
                .to(WaveState.RUNNING, null, NOON);
    }
}
