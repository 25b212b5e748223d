package org.domicile.account.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** A six-digit code, and what is kept of it: a MAC bound to what it confirms. */
public record OneTimeCode(String digits) {
    private static final int BOUND = 1_000_000;
    private static final Pattern SHAPE = Pattern.compile("[0-9]{6}");

    public static OneTimeCode create(RandomGenerator random) {
        return new OneTimeCode(String.format("%06d", random.nextInt(BOUND)));
    }

    static boolean hasShape(String text) {
        return text != null && SHAPE.matcher(text).matches();
    }

    /** The input of the MAC that is stored. */
    byte[] macInput(UUID subject) {
        return ("code:" + subject + ":" + digits).getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return "OneTimeCode[redacted]";
    }
}
