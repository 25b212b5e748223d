package org.domicile.account.guardian;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import org.domicile.account.profile.Identifier;

/**
 * Who confirms for a minor.
 *
 * @param endsAt when nobody of the market can be a minor any more who was one at the sign-up, whatever their birthday, which nobody was
 *     asked for: as many years later as the law wants of who consents
 */
public record Guardian(Identifier identifier, Instant since, Instant endsAt) {
    /** @param consentAge years */
    public static Guardian of(Identifier identifier, Instant since, int consentAge) {
        return new Guardian(
                identifier,
                since,
                since.atZone(ZoneOffset.UTC).plus(Period.ofYears(consentAge)).toInstant());
    }

    @Override
    public String toString() {
        return "Guardian[redacted]";
    }
}
