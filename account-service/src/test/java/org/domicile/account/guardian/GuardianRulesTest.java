package org.domicile.account.guardian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Optional;
import org.domicile.account.law.MarketLaws;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.law.Policies;
import org.domicile.platform.testing.TestMarkets;
import org.junit.jupiter.api.Test;

class GuardianRulesTest {
    private static final Identifier OWN = Identifier.email("lin@example.org").orElseThrow();

    private final GuardianRules rules =
            new GuardianRules(new MarketLaws(new Policies(TestMarkets.config(Optional.empty()))));

    @Test
    void a_minor_needs_a_guardian_whose_national_number_is_understood() {
        assertEquals(
                "+6591234567",
                rules.guardian("SG", AgeBand.MINOR, "9123 4567", OWN)
                        .orElseThrow()
                        .value());
        assertEquals(ErrorCode.GUARDIAN_REQUIRED, refused("SG", AgeBand.MINOR, null));
        assertEquals(ErrorCode.INVALID_IDENTIFIER, refused("SG", AgeBand.MINOR, "mother"));
        assertEquals(ErrorCode.INVALID_REQUEST, refused("SG", AgeBand.MINOR, "LIN@example.org"));
    }

    @Test
    void who_consents_for_themselves_has_none() {
        assertEquals(Optional.empty(), rules.guardian("SG", AgeBand.ADULT, null, OWN));
        assertEquals(Optional.empty(), rules.guardian("SG", AgeBand.parse(null), null, OWN));
        assertEquals(ErrorCode.INVALID_REQUEST, refused("SG", AgeBand.ADULT, "mother@example.org"));
    }

    @Test
    void where_the_law_names_no_age_nobody_is_asked() {
        assertEquals(Optional.empty(), rules.guardian("TW", AgeBand.MINOR, null, OWN));
        assertEquals(ErrorCode.INVALID_REQUEST, refused("TW", AgeBand.MINOR, "mother@example.org"));
    }

    @Test
    void a_guardian_ends_when_nobody_can_be_a_minor_any_more() {
        var opened = Instant.parse("2024-02-29T10:00:00Z");

        assertEquals(
                Instant.parse("2042-02-28T10:00:00Z"),
                Guardian.of(OWN, opened, rules.consentAge("IN")).endsAt());
        assertEquals("Guardian[redacted]", Guardian.of(OWN, opened, 18).toString());
    }

    private ErrorCode refused(String market, AgeBand age, String given) {
        return assertThrows(ProblemException.class, () -> rules.guardian(market, age, given, OWN))
                .code();
    }
}
