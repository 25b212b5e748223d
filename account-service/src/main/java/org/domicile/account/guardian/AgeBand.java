package org.domicile.account.guardian;

import java.util.Locale;

/** What a person says of their age; asked to know whether a guardian must confirm, and not kept. */
public enum AgeBand {
    /** As old as the market's law asks of who consents for themselves, or older. */
    ADULT,
    /** Younger. */
    MINOR;

    /** What a request may say. */
    public static final String PATTERN = "adult|minor";

    /** @param text one that fits {@link #PATTERN}, or null: an adult */
    public static AgeBand parse(String text) {
        return text == null ? ADULT : valueOf(text.toUpperCase(Locale.ROOT));
    }
}
