package org.domicile.account.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.domicile.account.profile.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
    private static final Identifier ADA = new Identifier(Identifier.Kind.EMAIL, "ada.lovelace@example.com");
    private static final Identifier PHONE = new Identifier(Identifier.Kind.PHONE, "+6591234567");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "123456789",
                "aaaaaaaaaaaa",
                "abababababab",
                "Password123",
                "qwertyuiop",
                "xx ada.lovelace 1"
            })
    void a_weak_password_is_refused(String password) {
        assertTrue(PasswordRules.violation(password, ADA).isPresent());
    }

    @Test
    void the_own_phone_number_is_no_password() {
        assertTrue(PasswordRules.violation("my 6591234567", PHONE).isPresent());
    }

    @Test
    void a_password_that_is_too_long_to_hash_is_refused() {
        assertTrue(PasswordRules.violation("abcdefgh".repeat(17), ADA).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery", "五个不同的汉字也是好密码", "Tr0ub4dor&3x"})
    void a_good_password_passes(String password) {
        assertEquals(Optional.empty(), PasswordRules.violation(password, ADA));
    }
}
