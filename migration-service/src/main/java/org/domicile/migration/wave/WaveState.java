package org.domicile.migration.wave;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a wave stands.
 *
 * <pre>
 *   SELECTING → RUNNING → DONE
 *       │ ↑       │ ↑
 *       ↓ │       ↓ │ resume
 *      PAUSED ─→ RUNNING        PAUSED: the operator stopped it      HALTED: it stopped itself
 *      HALTED ─→ RUNNING
 *   CANCELLING, from every state that has not ended → CANCELLED
 * </pre>
 *
 * In PAUSED and HALTED no move is begun; those under way go on. In CANCELLING those that may still be aborted are.
 */
public enum WaveState {
    /** The accounts that the selector names are being written down. */
    SELECTING,
    /** Moves are begun within the window, as many at a time as allowed. */
    RUNNING,
    PAUSED,
    /** Too many moves failed, or the law allows no more: somebody should look, then resume or cancel. */
    HALTED,
    CANCELLING,
    CANCELLED,
    /** Nothing is waiting or under way. */
    DONE;

    /** The states that may follow. */
    public Set<WaveState> next() {
        return switch (this) {
            case SELECTING -> EnumSet.of(RUNNING, PAUSED, CANCELLING);
            case RUNNING -> EnumSet.of(PAUSED, HALTED, CANCELLING, DONE);
            case PAUSED -> EnumSet.of(SELECTING, RUNNING, CANCELLING);
            case HALTED -> EnumSet.of(RUNNING, CANCELLING);
            case CANCELLING -> EnumSet.of(CANCELLED);
            case CANCELLED, DONE -> EnumSet.noneOf(WaveState.class);
        };
    }

    public boolean ended() {
        return next().isEmpty();
    }
}
