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
 *   CANCELLING, from every state above that has not ended → CANCELLED
 *
 *   ROLLING_BACK, from every state above → ROLLED_BACK ─→ ROLLING_BACK  (resume tries again what failed)
 *      │ ↑
 *      ↓ │ resume
 *   ROLLBACK_PAUSED, ROLLBACK_HALTED
 * </pre>
 *
 * In PAUSED and HALTED no move is begun; those under way go on. In CANCELLING and ROLLING_BACK those that may still be aborted are.
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
    DONE,
    /** What has moved goes back, within the window, as many at a time as allowed; what has not is aborted. */
    ROLLING_BACK,
    ROLLBACK_PAUSED,
    /** Too many rollbacks failed: somebody should look, then resume. */
    ROLLBACK_HALTED,
    /** Every account that could go back has, or the wave knows why not. */
    ROLLED_BACK;

    private static final Set<WaveState> ENDED = EnumSet.of(CANCELLED, DONE, ROLLED_BACK);
    private static final Set<WaveState> FORWARDS = EnumSet.of(SELECTING, RUNNING, PAUSED, HALTED);
    private static final Set<WaveState> BACKWARDS =
            EnumSet.of(ROLLING_BACK, ROLLBACK_PAUSED, ROLLBACK_HALTED, ROLLED_BACK);

    /** The states that may follow. */
    public Set<WaveState> next() {
        return switch (this) {
            case SELECTING -> EnumSet.of(RUNNING, PAUSED, CANCELLING, ROLLING_BACK);
            case RUNNING -> EnumSet.of(PAUSED, HALTED, CANCELLING, DONE, ROLLING_BACK);
            case PAUSED -> EnumSet.of(SELECTING, RUNNING, CANCELLING, ROLLING_BACK);
            case HALTED -> EnumSet.of(RUNNING, CANCELLING, ROLLING_BACK);
            case CANCELLING -> EnumSet.of(CANCELLED, ROLLING_BACK);
            case CANCELLED, DONE, ROLLBACK_PAUSED, ROLLBACK_HALTED, ROLLED_BACK -> EnumSet.of(ROLLING_BACK);
            case ROLLING_BACK -> EnumSet.of(ROLLBACK_PAUSED, ROLLBACK_HALTED, ROLLED_BACK);
        };
    }

    /** Whether nothing follows unless an operator orders it. */
    public boolean ended() {
        return ENDED.contains(this);
    }

    /** Whether what waits will have its turn, if nobody orders otherwise. */
    public boolean forwards() {
        return FORWARDS.contains(this);
    }

    /** Whether its rollback was ordered. */
    public boolean backwards() {
        return BACKWARDS.contains(this);
    }
}
