package org.domicile.messaging.subscription;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {
    private final AccountId account = AccountId.create();
    private final Capability capability = Capability.create(account, new SecureRandom());

    @Test
    void any_region_reads_the_account_from_it() {
        var parsed = Capability.parse(capability.text()).orElseThrow();
        assertEquals(account, parsed.account());
        assertArrayEquals(capability.sha256(), parsed.sha256());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../../etc/passwd", "%00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void another_text_spells_none(String text) {
        assertTrue(Capability.parse(text).isEmpty());
    }

    @Test
    void each_capability_has_one_spelling() {
        var text = capability.text();
        assertTrue(Capability.parse(text + "=").isEmpty());
        var last = text.charAt(text.length() - 1);
        var sibling = text.substring(0, text.length() - 1) + (char) (last + 1);
        Capability.parse(sibling)
                .ifPresent(other -> assertFalse(java.util.Arrays.equals(other.sha256(), capability.sha256())));
    }

    @Test
    void its_text_form_hides_the_secret() {
        assertFalse(capability.toString().contains(capability.text().substring(22)));
    }
}
