package org.domicile.platform.consent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCheckTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "zzz", "2026-13", "2026-02,2026-01", "2026-01,2026-01", "2026-1"})
    void versions_without_an_order_refuse_to_start(String versions) {
        var refusal = assertThrows(IllegalStateException.class, () -> check(split(versions)));

        assertTrue(refusal.getMessage().contains("domicile.consent.policy-versions"), refusal.getMessage());
    }

    @Test
    void the_last_version_is_in_force_and_what_is_no_version_never_is() {
        ConsentConfig config = () -> List.of("2025-11", "2026-01");

        assertDoesNotThrow(() -> check(config.policyVersions()));
        assertEquals("2026-01", config.currentPolicy());
        assertTrue(config.isInForce("2026-01"));
        assertFalse(config.isInForce("2025-11"));
        assertFalse(config.isInForce("zzz"));
        assertFalse(config.isInForce(null));
        assertTrue(config.isKnown("2025-11"));
        assertFalse(config.isKnown("2026-02"));
    }

    private static List<String> split(String versions) {
        return versions.isEmpty() ? List.of() : List.of(versions.split(","));
    }

    private static void check(List<String> versions) {
        new PolicyCheck(() -> versions).start(null);
    }
}
