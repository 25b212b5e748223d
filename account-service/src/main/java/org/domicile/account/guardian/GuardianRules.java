package org.domicile.account.guardian;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.account.law.MarketLaws;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Whether a sign-up needs a guardian, by the law of its market. */
@ApplicationScoped
public class GuardianRules {
    private final MarketLaws laws;

    @Inject
    public GuardianRules(MarketLaws laws) {
        this.laws = laws;
    }

    /**
     * @param given as typed, or null
     * @return the guardian's identifier; empty for who consents for themselves
     * @throws ProblemException GUARDIAN_REQUIRED, INVALID_IDENTIFIER, or INVALID_REQUEST for a guardian that nobody needs
     */
    public Optional<Identifier> guardian(String market, AgeBand age, String given, Identifier own) {
        var consentAge = laws.of(market).consentAge();
        if (age == AgeBand.ADULT || consentAge.isEmpty()) {
            if (given != null) {
                throw invalid("Leave \"guardian\" out: this person consents for themselves.");
            }
            return Optional.empty();
        }
        if (given == null) {
            throw new ProblemException(
                    ErrorCode.GUARDIAN_REQUIRED,
                    "Give a guardian's e-mail address or phone number: in " + market + " nobody younger than "
                            + consentAge.getAsInt() + " consents alone.");
        }
        var guardian = Identifier.typed(given, market)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.INVALID_IDENTIFIER,
                        "Give the guardian's e-mail address, or their phone number such as +6591234567."));
        if (guardian.equals(own)) {
            throw invalid("Give a guardian's own e-mail address or phone number, not the account's.");
        }
        return Optional.of(guardian);
    }

    /** Years that the market's law wants of who consents. @throws java.util.NoSuchElementException if it wants none */
    public int consentAge(String market) {
        return laws.of(market).consentAge().orElseThrow();
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.INVALID_REQUEST, detail);
    }
}
