package org.domicile.messaging.queue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How much a message matters, least first (RFC 8030 section 5.3). It is not told to the device, which may say below what it wants none for
 * now: those wait.
 */
public enum Urgency {
    VERY_LOW,
    LOW,
    NORMAL,
    HIGH;

    public static Optional<Urgency> find(String text) {
        return Arrays.stream(values()).filter(u -> u.text().equals(text)).findFirst();
    }

    /** As it is stored. */
    short rank() {
        return (short) ordinal();
    }

    static Urgency ranked(short rank) {
        return values()[rank];
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
