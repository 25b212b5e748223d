package org.domicile.local.bench;

import java.util.regex.Pattern;
import org.domicile.local.LocalFailure;

/**
 * Which accounts {@code bench migration --large} moves.
 *
 * @param bytes of each
 */
record LargePlan(int accounts, long bytes) {
    static final String FULL = "20x200m";

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})x(\\d{1,6})([mM])");

    /** As people write it: {@code 20x200m} is 20 accounts of 200 MiB. */
    static LargePlan parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(1)) == 0 || Long.parseLong(match.group(2)) == 0) {
            throw new LocalFailure("Give --large as accounts and the MiB of each, both of at least 1: 20x200m.");
        }
        return new LargePlan(Integer.parseInt(match.group(1)), Long.parseLong(match.group(2)) << 20);
    }
}
