package org.domicile.platform.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.domicile.platform.account.AccountId;

class DeviceIdProperties {
    @Property(tries = 300)
    void an_id_carries_its_account(@ForAll long high, @ForAll long low, @ForAll long seed) {
        var account = new AccountId(new UUID(high, low));
        var id = DeviceId.create(account, new Random(seed));
        assertEquals(32, id.value().length());
        assertEquals(account, DeviceId.parse(id.value()).accountId());
    }

    @Property(tries = 300)
    void any_other_text_is_refused_as_an_argument(@ForAll String text) {
        assertThrows(IllegalArgumentException.class, () -> DeviceId.parse(text));
    }
}
