package org.domicile.migration.wave;

import static org.domicile.migration.wave.MemberState.MOVED;
import static org.domicile.migration.wave.MemberState.MOVING;
import static org.domicile.migration.wave.MemberState.ROLLING_BACK;
import static org.domicile.migration.wave.MemberState.WAITING;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what a wave does next, from its row, the number of its accounts in each state, and the time. Changes nothing. */
final class WaveRules {
    /** How often the number of moves at a time follows what both ends bear. */
    static final Duration ADJUSTMENT = Duration.ofSeconds(2);

    private WaveRules() {}

    /** @param refusal why the law refused an account of this wave, if it did */
    static Optional<Wave> next(Wave wave, Map<MemberState, Long> accounts, Optional<String> refusal, Instant now) {
        return switch (wave.state()) {
            case RUNNING -> running(wave, in(accounts, WAITING, MOVING), refusal, now);
            case CANCELLING ->
                in(accounts, MOVING) == 0 ? Optional.of(wave.to(WaveState.CANCELLED, null, now)) : Optional.empty();
            case ROLLING_BACK -> rollingBack(wave, in(accounts, MOVING, MOVED, ROLLING_BACK), now);
            case SELECTING, PAUSED, HALTED, CANCELLED, DONE, ROLLBACK_PAUSED, ROLLBACK_HALTED, ROLLED_BACK ->
                Optional.empty();
        };
    }

    private static long in(Map<MemberState, Long> accounts, MemberState... states) {
        return Stream.of(states)
                .mapToLong(state -> accounts.getOrDefault(state, 0L))
                .sum();
    }

    private static Optional<Wave> rollingBack(Wave wave, long left, Instant now) {
        if (wave.failures() > wave.spec().errorBudget()) {
            return Optional.of(
                    wave.to(WaveState.ROLLBACK_HALTED, wave.failures() + " rollbacks failed; " + budget(wave), now));
        }
        return left == 0 ? Optional.of(wave.to(WaveState.ROLLED_BACK, null, now)) : Optional.empty();
    }

    private static String budget(Wave wave) {
        return "the error budget is " + wave.spec().errorBudget() + ".";
    }

    private static Optional<Wave> running(Wave wave, long left, Optional<String> refusal, Instant now) {
        if (refusal.isPresent()) {
            return Optional.of(wave.to(WaveState.HALTED, refusal.get(), now));
        }
        if (wave.failures() > wave.spec().errorBudget()) {
            return Optional.of(wave.to(WaveState.HALTED, wave.failures() + " moves failed; " + budget(wave), now));
        }
        return left == 0 ? Optional.of(wave.to(WaveState.DONE, null, now)) : Optional.empty();
    }

    /** How many moves may begin now, or how many rollbacks. */
    static long room(Wave wave, Map<MemberState, Long> accounts, Instant now) {
        var window = wave.spec().window();
        if (window != null && !window.open(LocalTime.ofInstant(now, window.zone()))) {
            return 0;
        }
        return switch (wave.state()) {
            case RUNNING -> room(wave, in(accounts, WAITING), in(accounts, MOVING));
            case ROLLING_BACK -> room(wave, in(accounts, MOVED), in(accounts, ROLLING_BACK));
            default -> 0;
        };
    }

    private static long room(Wave wave, long left, long underWay) {
        return Math.min(left, Math.max(0, wave.concurrency() - underWay));
    }

    /**
     * Half as many moves at a time while either end is slower than the limit, or writes are stopped for longer; a quarter more, at
     * least one, while neither is: the more careful half of what TCP does.
     */
    static Wave adjusted(Wave wave, Strain strain, Instant now) {
        if (strain.unknown(wave.spec().limits())
                || now.isBefore(wave.adjustedAt().plus(ADJUSTMENT))) {
            return wave;
        }
        var moves = strain.above(wave.spec().limits())
                ? Math.max(1, wave.concurrency() / 2)
                : Math.min(wave.spec().concurrency(), wave.concurrency() + Math.max(1, wave.concurrency() / 4));
        return wave.allowing(moves, now);
    }
}
