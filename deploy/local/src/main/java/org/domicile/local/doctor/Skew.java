package org.domicile.local.doctor;

import java.time.Duration;
import java.time.Instant;

/** How far another clock is from ours at least, from one reading of it between two of ours. */
final class Skew {
    static final Duration MOST = Duration.ofSeconds(1);
    private static final String REMEDY = "let NTP set the clocks of both, tokens and receipts depend on them";

    private Skew() {}

    /**
     * @param earliest what the other clock read, at least
     * @param latest and at most
     */
    static Finding of(String part, Instant before, Instant earliest, Instant latest, Instant after) {
        var ahead = Duration.between(after, earliest);
        var behind = Duration.between(latest, before);
        var least = ahead.compareTo(behind) > 0 ? ahead : behind;
        var skew = least.isNegative() ? Duration.ZERO : least;
        return Finding.of(
                part, "clock", skew.compareTo(MOST) <= 0, "at least " + skew.toMillis() + " ms from this one", REMEDY);
    }
}
