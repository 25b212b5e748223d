package org.domicile.account.consent;

import java.util.UUID;
import java.util.regex.Pattern;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** How far an audit has come, as the text between two of its pages. */
sealed interface AuditPosition {
    AuditPosition FIRST = new Ledgers(new AccountId(new UUID(0, 0)));
    AuditPosition FIRST_PUBLISHED = new Published(new PublishedHeads.Position(0, 0));

    /** The ledgers of accounts after this one. */
    record Ledgers(AccountId account) implements AuditPosition {
        @Override
        public String text() {
            return account.toString();
        }
    }

    /** What was published from there on. */
    record Published(PublishedHeads.Position position) implements AuditPosition {
        private static final Pattern TEXT = Pattern.compile("published-(\\d{1,9})-(\\d{1,18})");

        @Override
        public String text() {
            return "published-" + position.partition() + "-" + position.offset();
        }
    }

    String text();

    /** @throws ProblemException INVALID_REQUEST (400) for a text that no page gave */
    static AuditPosition parse(String text) {
        if (text == null) {
            return FIRST;
        }
        var published = Published.TEXT.matcher(text);
        if (published.matches()) {
            return new Published(new PublishedHeads.Position(
                    Integer.parseInt(published.group(1)), Long.parseLong(published.group(2))));
        }
        try {
            return new Ledgers(AccountId.parse(text));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Give \"after\" as \"next\" of the page before.");
        }
    }
}
