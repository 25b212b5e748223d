package org.domicile.migration.wave;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a wave costs both ends and its accounts, measured since the number of moves at a time was last changed.
 *
 * @param latency a read at the source or a write at the target, the slower, of the copies under way; empty = nothing measured
 * @param pause from a fence to its hand-over, or its abort, or until now if it is longer than the limit already; empty = no fence since
 */
record Strain(Optional<Duration> latency, Optional<Duration> pause) {

    /** Whether nothing was measured that this wave's limits speak of. */
    boolean unknown(WaveSpec.Limits limits) {
        return pause.isEmpty() && (limits.latency() == null || latency.isEmpty());
    }

    boolean above(WaveSpec.Limits limits) {
        return above(pause, limits.pause()) || limits.latency() != null && above(latency, limits.latency());
    }

    /** For the log. */
    String said() {
        return Stream.of(said("write pause", pause), said("latency", latency))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> said(String what, Optional<Duration> measured) {
        return measured.map(duration -> what + " " + duration.toMillis() + " ms");
    }

    private static boolean above(Optional<Duration> measured, Duration limit) {
        return measured.filter(duration -> duration.compareTo(limit) > 0).isPresent();
    }
}
