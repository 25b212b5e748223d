package org.domicile.migration.wave;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Optional;

/** Decides what a wave does next, from its row, the number of its accounts in each state, and the time. Changes nothing. */
final class WaveRules {
    /** How often the number of moves at a time follows the latency. */
    static final Duration ADJUSTMENT = Duration.ofSeconds(2);

    private WaveRules() {}

    /** @param refusal why the law refused an account of this wave, if it did */
    static Optional<Wave> next(Wave wave, long waiting, long moving, Optional<String> refusal, Instant now) {
        return switch (wave.state()) {
            case RUNNING -> running(wave, waiting, moving, refusal, now);
            case CANCELLING -> moving == 0 ? Optional.of(wave.to(WaveState.CANCELLED, null, now)) : Optional.empty();
            case SELECTING, PAUSED, HALTED, CANCELLED, DONE -> Optional.empty();
        };
    }

    private static Optional<Wave> running(Wave wave, long waiting, long moving, Optional<String> refusal, Instant now) {
        if (refusal.isPresent()) {
            return Optional.of(wave.to(WaveState.HALTED, refusal.get(), now));
        }
        if (wave.failures() > wave.spec().errorBudget()) {
            return Optional.of(wave.to(
                    WaveState.HALTED,
                    wave.failures() + " moves failed; the error budget is "
                            + wave.spec().errorBudget() + ".",
                    now));
        }
        return waiting + moving == 0 ? Optional.of(wave.to(WaveState.DONE, null, now)) : Optional.empty();
    }

    /** How many moves may begin now. */
    static long room(Wave wave, long moving, Instant now) {
        var window = wave.spec().window();
        var open = window == null || window.open(LocalTime.ofInstant(now, window.zone()));
        return wave.state() == WaveState.RUNNING && open ? Math.max(0, wave.concurrency() - moving) : 0;
    }

    /**
     * Half as many moves at a time while either end is slower than the limit, one more while both are not: the more careful half
     * of what TCP does.
     *
     * @param slowest a read at the source or a write at the target, of the copies under way; empty = nothing measured
     */
    static Wave adjusted(Wave wave, Optional<Duration> slowest, Instant now) {
        var limit = wave.spec().limits().latency();
        if (limit == null || slowest.isEmpty() || now.isBefore(wave.adjustedAt().plus(ADJUSTMENT))) {
            return wave;
        }
        var slow = slowest.get().compareTo(limit) > 0;
        var moves = slow
                ? Math.max(1, wave.concurrency() / 2)
                : Math.min(wave.spec().concurrency(), wave.concurrency() + 1);
        return wave.allowing(moves, now);
    }
}
