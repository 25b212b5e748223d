package org.domicile.messaging.push;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** RFC 8030 section 5.3. Checked and then forgotten: it must not be forwarded, and nothing yet decides by it. */
public enum Urgency {
    VERY_LOW,
    LOW,
    NORMAL,
    HIGH;

    static Optional<Urgency> find(String text) {
        return Arrays.stream(values()).filter(u -> u.text().equals(text)).findFirst();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
