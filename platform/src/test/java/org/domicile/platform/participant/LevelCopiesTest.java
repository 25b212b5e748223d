package org.domicile.platform.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;

class LevelCopiesTest {
    private final LevelCopies copies = new LevelCopies(Duration.ofMinutes(10));
    private final AccountId account = AccountId.create();

    @Test
    void a_copy_at_which_nothing_happens_is_looked_at_ever_more_rarely() {
        copies.put(account, 7, true);
        assertEquals(Duration.ofMillis(1_600), copies.rest(account, true));
        assertEquals(Duration.ofMillis(3_200), copies.rest(account, true));
        for (int i = 0; i < 20; i++) {
            copies.rest(account, true);
        }
        assertEquals(Duration.ofMinutes(10), copies.rest(account, true));
        assertTrue(copies.at(account, 7));
        assertFalse(copies.at(account, 8));

        copies.put(account, 8, true);

        assertEquals(Duration.ofSeconds(150), copies.rest(account, true), "something was written");
    }

    @Test
    void what_another_process_found_is_taken_up() {
        copies.found(account, new Transfer.Looked(7, Duration.ofSeconds(20)));

        assertTrue(copies.at(account, 7));
        assertEquals(Duration.ofSeconds(40), copies.rest(account, true));
    }

    @Test
    void one_that_waits_to_be_closed_is_looked_at_every_two_seconds_at_the_least() {
        copies.put(account, 7, false);
        assertEquals(Duration.ofMillis(200), copies.rest(account, false));
        for (int i = 0; i < 20; i++) {
            assertTrue(copies.rest(account, false).compareTo(Duration.ofSeconds(2)) < 0);
        }
    }
}
