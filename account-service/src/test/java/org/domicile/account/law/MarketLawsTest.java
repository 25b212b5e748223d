package org.domicile.account.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.domicile.platform.law.Policies;
import org.domicile.platform.testing.TestMarkets;
import org.junit.jupiter.api.Test;

class MarketLawsTest {
    @Test
    void the_packaged_law_is_read_and_silence_means_the_default() {
        var laws = new MarketLaws(new Policies(TestMarkets.config(Optional.empty())));

        assertEquals(Duration.ofHours(48), laws.of("IN").erasureGrace());
        assertEquals(Optional.of(Duration.ofDays(365)), laws.of("IN").logRetention());
        assertEquals(Duration.ofDays(45), laws.of("US").erasureDeadline());
        assertEquals(Duration.ofDays(3), laws.of("ID").accessDeadline());
        assertEquals(Duration.ofDays(30), laws.of("SG").erasureDeadline());
        assertEquals(Duration.ZERO, laws.of("SG").erasureGrace());
        assertEquals(Duration.ofDays(30), laws.of("XX").erasureDeadline());
        assertEquals(14, laws.of("CN").consentAge().orElseThrow());
        assertTrue(laws.of("TW").consentAge().isEmpty());
        assertEquals(18, laws.longestConsentAge());
        assertEquals(
                Set.of("in-west", "ap-southeast", "cn-north"), laws.of("IN").regions());
        assertEquals(Set.of("cn-north"), laws.of("CN").regions());
        assertEquals(Set.of(), laws.of("XX").regions());
    }
}
