package org.domicile.account.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Optional;
import org.domicile.account.profile.Identifier.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierTest {
    @ParameterizedTest
    @CsvSource({"9123 4567,SG,+6591234567", "+65 9123-4567,CN,+6591234567", "138 0013 8000,CN,+8613800138000"})
    void a_phone_number_is_kept_as_e164(String typed, String market, String e164) {
        assertEquals(Optional.of(new Identifier(Kind.PHONE, e164)), Identifier.phone(typed, market));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "+65 0000 0000", "phone", "+999123456789"})
    void what_is_no_phone_number_is_refused(String typed) {
        assertEquals(Optional.empty(), Identifier.phone(typed, "SG"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada@Example.COM", " ada@example.com "})
    void an_email_is_kept_in_lower_case(String typed) {
        assertEquals(Optional.of(new Identifier(Kind.EMAIL, "ada@example.com")), Identifier.email(typed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "@example.com",
                "ada@",
                "ada@example",
                "a b@example.com",
                "a@b@example.com",
                "a@.com",
                "ada@example.com\n.org"
            })
    void what_is_no_email_is_refused(String typed) {
        assertEquals(Optional.empty(), Identifier.email(typed));
    }

    @Test
    void what_is_typed_at_sign_in_may_be_either() {
        assertEquals(Optional.of(new Identifier(Kind.PHONE, "+6591234567")), Identifier.typed("+65 9123 4567"));
        assertEquals(Optional.of(new Identifier(Kind.EMAIL, "ada@example.com")), Identifier.typed("ADA@example.com"));
        assertEquals(Optional.empty(), Identifier.typed("91234567"));
    }

    @Test
    void an_identifier_is_redacted_in_text() {
        assertFalse(Identifier.email("ada@example.com").toString().contains("ada"));
    }

    @Test
    void the_first_language_of_a_request_is_taken() {
        assertEquals("zh-CN", Locales.first("zh-CN,zh;q=0.9"));
        assertEquals("en", Locales.first(" en;q=0.5"));
        assertNull(Locales.first("*"));
        assertNull(Locales.first(null));
    }
}
