package org.domicile.account.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.domicile.platform.consent.Feature;
import org.junit.jupiter.api.Test;

class NoticeTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant DUE = AT.plus(Duration.ofDays(60));

    @Test
    void a_notice_of_inactivity_that_goes_out_late_says_a_later_day() {
        var late = Duration.ofDays(10);
        var given = Notice.inactivity(AT, DUE);

        var sent = given.sent(AT.plus(late));

        assertEquals(DUE.plus(late), sent.dueAt());
        assertTrue(sent.text().contains(DUE.plus(late).toString()));
        assertEquals(DUE, given.sent(AT).dueAt());
    }

    @Test
    void the_purge_after_a_withdrawal_does_not_wait_for_its_notice() {
        var sent = Notice.withdrawal(Feature.BACKUP, AT, DUE).sent(AT.plus(Duration.ofDays(10)));

        assertEquals(DUE, sent.dueAt());
    }
}
