package org.domicile.account.registration;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.domicile.account.profile.Identifier;

/** What a password must be: length over composition (NIST SP 800-63B section 5.1.1), and not one of those tried first. */
public final class PasswordRules {
    static final int MIN_LENGTH = 10;
    static final int MAX_LENGTH = 128;
    private static final int MIN_DISTINCT = 5;
    private static final int MIN_LOCAL_PART = 4;

    private static final Set<String> COMMON = Set.of(
            "1234567890",
            "0123456789",
            "12345678910",
            "123456789a",
            "password12",
            "password123",
            "password1234",
            "passw0rd123",
            "qwertyuiop",
            "qwerty1234",
            "qwerty12345",
            "1q2w3e4r5t",
            "iloveyou12",
            "letmein123",
            "welcome123",
            "administrator",
            "abcdefghij",
            "abcd123456",
            "a123456789",
            "woaini1314");

    private PasswordRules() {}

    /** @return what is wrong, as one sentence; empty if nothing is */
    public static Optional<String> violation(String password, Identifier identifier) {
        return violation(password)
                .or(() -> containsIdentifier(lower(password), identifier.value())
                        ? Optional.of("Use a password that does not contain your e-mail address or phone number.")
                        : Optional.empty());
    }

    /** What is wrong whosever it is. @return as {@link #violation(String, Identifier)} */
    public static Optional<String> violation(String password) {
        if (password.codePointCount(0, password.length()) < MIN_LENGTH) {
            return Optional.of("Use at least " + MIN_LENGTH + " characters.");
        }
        if (password.length() > MAX_LENGTH) {
            return Optional.of("Use at most " + MAX_LENGTH + " characters.");
        }
        if (password.codePoints().distinct().count() < MIN_DISTINCT) {
            return Optional.of("Use at least " + MIN_DISTINCT + " different characters.");
        }
        if (COMMON.contains(lower(password))) {
            return Optional.of("Use another password: this one is among the first that are tried.");
        }
        return Optional.empty();
    }

    private static String lower(String password) {
        return password.toLowerCase(Locale.ROOT);
    }

    private static boolean containsIdentifier(String lower, String identifier) {
        int at = identifier.indexOf('@');
        var part = at < 0 ? identifier.substring(1) : identifier.substring(0, at);
        return part.length() >= MIN_LOCAL_PART && lower.contains(part);
    }
}
