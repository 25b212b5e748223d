package org.domicile.account.activity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.domicile.account.activity.Inactivity.Step;
import org.junit.jupiter.api.Test;

class InactivityTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final List<Duration> LEADS =
            List.of(Duration.ofDays(60), Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(1));

    @Test
    void notices_come_60_30_7_and_1_days_before() {
        var told = new ArrayList<Long>();
        var state = Inactivity.since(AT);
        for (int day = 0; day < 365; day++) {
            if (state.next(YEAR, LEADS, day(day)) instanceof Step.Notify notify) {
                state = sent(notify.after(), day(day));
                assertEquals(day(365), state.eraseAt());
                told.add(365L - day);
            }
        }

        assertEquals(List.of(60L, 30L, 7L, 1L), told);
        assertInstanceOf(Step.Nothing.class, state.next(YEAR, LEADS, day(365).minusSeconds(1)));
        assertInstanceOf(Step.Erase.class, state.next(YEAR, LEADS, day(365)));
        assertInstanceOf(Step.Nothing.class, state.erasedBy(UUID.randomUUID()).next(YEAR, LEADS, day(400)));
    }

    @Test
    void however_seldom_it_is_looked_at_every_notice_leaves_the_time_that_it_says() {
        var random = new Random(7);
        for (int run = 0; run < 500; run++) {
            var told = new ArrayList<Instant>();
            var state = Inactivity.since(AT);
            var now = AT;
            var step = state.next(YEAR, LEADS, now);
            while (!(step instanceof Step.Erase)) {
                if (step instanceof Step.Notify notify) {
                    now = now.plus(Duration.ofHours(random.nextInt(100)));
                    state = sent(notify.after(), now);
                    told.add(now);
                }
                now = now.plus(Duration.ofHours(1 + random.nextInt(1 << 1 + random.nextInt(13))));
                step = state.next(YEAR, LEADS, now);
            }

            assertEquals(LEADS.size(), told.size());
            for (int i = 0; i < LEADS.size(); i++) {
                assertFalse(told.get(i).plus(LEADS.get(i)).isAfter(state.eraseAt()), "notice " + i);
            }
            assertFalse(now.isBefore(AT.plus(YEAR)));
        }
    }

    @Test
    void nothing_follows_a_notice_that_was_not_sent() {
        var given = assertInstanceOf(Step.Notify.class, Inactivity.since(AT).next(YEAR, LEADS, day(305)))
                .after();

        assertInstanceOf(Step.Nothing.class, given.next(YEAR, LEADS, day(4_000)));
    }

    /** What is stored when a notice that was given was sent then. */
    private static Inactivity sent(Inactivity given, Instant now) {
        var lead = LEADS.get(given.notices() - 1);
        var told = now.plus(lead);
        return new Inactivity(
                given.at(), given.notices(), told.isAfter(given.eraseAt()) ? told : given.eraseAt(), null, false);
    }

    private static Instant day(int n) {
        return AT.plus(Duration.ofDays(n));
    }
}
