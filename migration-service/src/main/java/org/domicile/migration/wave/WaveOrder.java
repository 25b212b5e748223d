package org.domicile.migration.wave;

/** What an operator may tell a wave. */
public enum WaveOrder {
    /** Begin no more moves, or no more rollbacks; those under way go on. */
    PAUSE,
    /** Go on, with a fresh error budget; what the law refused, or what could not be rolled back, is tried again. */
    RESUME,
    /** Begin no more, and abort what can still be aborted. */
    CANCEL,
    /** Begin no more, abort what can still be aborted, and bring back what has moved and still soaks. */
    ROLLBACK;

    /** The state that it leads to. */
    WaveState from(Wave wave) {
        return switch (this) {
            case PAUSE -> wave.state().backwards() ? WaveState.ROLLBACK_PAUSED : WaveState.PAUSED;
            case RESUME -> resumed(wave);
            case CANCEL -> wave.state() == WaveState.CANCELLED ? WaveState.CANCELLED : WaveState.CANCELLING;
            case ROLLBACK -> wave.state().backwards() ? wave.state() : WaveState.ROLLING_BACK;
        };
    }

    private static WaveState resumed(Wave wave) {
        if (wave.state().backwards()) {
            return WaveState.ROLLING_BACK;
        }
        return wave.selected() && wave.state() != WaveState.SELECTING ? WaveState.RUNNING : WaveState.SELECTING;
    }

    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
