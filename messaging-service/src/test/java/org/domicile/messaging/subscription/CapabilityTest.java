package org.domicile.messaging.subscription;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;

class CapabilityTest {
    @Test
    void its_text_form_hides_the_secret() {
        var capability = Capability.create(AccountId.create(), new SecureRandom());
        assertFalse(capability.toString().contains(HexFormat.of().formatHex(capability.token())));
        assertFalse(capability.toString().contains(RoutingKeys.text(capability.token())));
    }
}
