package org.domicile.migration.wave;

import java.util.Locale;

/** What an operator may tell a wave. */
public enum WaveOrder {
    /** Begin no more moves; those under way go on. */
    PAUSE,
    /** Go on, with a fresh error budget; what the law refused is tried again. */
    RESUME,
    /** Begin no more, and abort what can still be aborted. */
    CANCEL;

    /** The state that it leads to. */
    WaveState from(Wave wave) {
        return switch (this) {
            case PAUSE -> WaveState.PAUSED;
            case RESUME -> {
                if (wave.state() == WaveState.SELECTING) {
                    yield WaveState.SELECTING;
                }
                yield wave.selected() ? WaveState.RUNNING : WaveState.SELECTING;
            }
            case CANCEL -> wave.state() == WaveState.CANCELLED ? WaveState.CANCELLED : WaveState.CANCELLING;
        };
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
