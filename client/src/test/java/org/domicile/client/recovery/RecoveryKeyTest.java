package org.domicile.client.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryKeyTest {

    /** The published test vectors of BIP-39 for 256 bits. */
    @ParameterizedTest
    @CsvSource({
        "00, abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art",
        "7f, legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title",
        "80, letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
        "ff, zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote",
    })
    void the_vectors_of_bip_39_hold(String octet, String phrase) {
        RecoveryKey key = RecoveryKey.of(HexFormat.of().parseHex(octet.repeat(32)));

        assertEquals(phrase, key.password());
        assertEquals(phrase, RecoveryKey.parse(phrase).password());
    }

    @Test
    void what_is_typed_with_numbers_and_capitals_is_the_same_key() {
        RecoveryKey key = RecoveryKey.generate(new SecureRandom());
        StringBuilder typed = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            typed.append(i + 1)
                    .append(". ")
                    .append(key.words().get(i).toUpperCase())
                    .append(i % 4 == 3 ? "\n" : "   ");
        }

        assertEquals(key.password(), RecoveryKey.parse(typed.toString()).password());
    }

    @Test
    void a_wrong_word_is_named_and_a_wrong_order_is_told() {
        List<String> words = new ArrayList<>(RecoveryKey.of(new byte[32]).words());
        words.set(4, "zebro");
        assertTrue(refusal(words).contains("Word 5, \"zebro\""));

        List<String> other = new ArrayList<>(RecoveryKey.parse(
                        "legal winner thank year wave sausage worth useful legal winner thank year wave sausage"
                                + " worth useful legal winner thank year wave sausage worth title")
                .words());
        Collections.swap(other, 0, 23);
        assertTrue(refusal(other).contains("do not belong together"));
        assertTrue(refusal(other.subList(0, 12)).contains("these are 12"));
    }

    @Test
    void the_words_do_not_show_in_logs() {
        RecoveryKey key = RecoveryKey.generate(new SecureRandom());

        assertFalse(key.toString().contains(key.words().get(0)));
    }

    private static String refusal(List<String> words) {
        return assertThrows(IllegalArgumentException.class, () -> RecoveryKey.parse(String.join(" ", words)))
                .getMessage();
    }
}
