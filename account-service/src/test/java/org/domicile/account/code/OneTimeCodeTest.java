package org.domicile.account.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OneTimeCodeTest {
    @Test
    void a_code_has_six_digits() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(OneTimeCode.hasShape(OneTimeCode.create(random).digits()));
        }
    }

    @Test
    void what_is_no_code_is_told_apart() {
        for (var text : new String[] {null, "", "12345", "1234567", "12345a", "１２３４５６"}) {
            assertFalse(OneTimeCode.hasShape(text));
        }
    }

    @Test
    void the_same_code_of_another_registration_is_stored_differently() {
        var code = new OneTimeCode("123456");

        assertFalse(Arrays.equals(code.macInput(UUID.randomUUID()), code.macInput(UUID.randomUUID())));
        assertEquals("OneTimeCode[redacted]", code.toString());
    }
}
