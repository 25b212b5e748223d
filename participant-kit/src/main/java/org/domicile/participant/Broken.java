package org.domicile.participant;

/** A rule does not hold; the message says what was seen instead. */
final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String sentence) {
        super(sentence, null, false, false);
    }

    static void unless(boolean condition, String sentence) {
        if (!condition) {
            throw new Broken(sentence);
        }
    }
}
