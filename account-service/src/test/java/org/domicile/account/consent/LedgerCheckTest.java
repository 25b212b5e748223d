package org.domicile.account.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.junit.jupiter.api.Test;

class LedgerCheckTest {
    private static final AccountId ACCOUNT = AccountId.create();
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void an_untouched_ledger_holds() {
        assertEquals(OptionalLong.empty(), LedgerCheck.firstBroken(ledger()));
        assertEquals(OptionalLong.empty(), LedgerCheck.firstBroken(List.of()));
    }

    @Test
    void a_changed_entry_is_found() {
        var ledger = ledger();
        var e = ledger.get(1);
        ledger.set(
                1,
                new LedgerEntry(
                        ACCOUNT,
                        e.sequence(),
                        e.feature(),
                        !e.granted(),
                        e.policyVersion(),
                        e.locale(),
                        e.at(),
                        e.guardian(),
                        e.previous(),
                        e.hash()));

        assertEquals(OptionalLong.of(2), LedgerCheck.firstBroken(ledger));
    }

    @Test
    void a_removed_entry_is_found() {
        var ledger = ledger();
        ledger.remove(1);

        assertEquals(OptionalLong.of(2), LedgerCheck.firstBroken(ledger));
    }

    @Test
    void an_entry_that_was_changed_and_hashed_again_breaks_the_next() {
        var ledger = ledger();
        ledger.set(0, LedgerEntry.after(null, ACCOUNT, Feature.BACKUP, false, "2026-01", null, AT, false));

        assertEquals(OptionalLong.of(2), LedgerCheck.firstBroken(ledger));
    }

    @Test
    void an_entry_of_another_account_is_found() {
        var other = LedgerEntry.after(null, AccountId.create(), Feature.BACKUP, true, "2026-01", null, AT, false);
        var copied = new LedgerEntry(
                ACCOUNT, 1, Feature.BACKUP, true, "2026-01", null, AT, false, other.previous(), other.hash());

        assertEquals(OptionalLong.of(1), LedgerCheck.firstBroken(List.of(copied)));
    }

    @Test
    void the_hash_of_an_entry_is_fixed() {
        var account = AccountId.parse("0198c0de-0000-7000-8000-000000000001");
        var entry = LedgerEntry.after(null, account, Feature.BACKUP, true, "2026-01", "zh-CN", AT, false);

        assertEquals("59e1d7f2931a2227bc32de8f66f2136aa5ecc8ffdd9a573ce5a02c25a3f40514", entry.hash());
    }

    @Test
    void a_guardian_is_part_of_what_is_hashed() {
        var ledger = ledger();
        var e = LedgerEntry.after(ledger.getLast(), ACCOUNT, Feature.MESSAGING, true, "2026-01", null, AT, true);
        ledger.add(e);
        assertEquals(OptionalLong.empty(), LedgerCheck.firstBroken(ledger));

        ledger.set(
                4,
                new LedgerEntry(
                        ACCOUNT, 5, e.feature(), true, e.policyVersion(), null, AT, false, e.previous(), e.hash()));
        assertEquals(OptionalLong.of(5), LedgerCheck.firstBroken(ledger));
    }

    private static List<LedgerEntry> ledger() {
        var ledger = new ArrayList<LedgerEntry>();
        LedgerEntry last = null;
        for (int i = 0; i < 4; i++) {
            last = LedgerEntry.after(
                    last, ACCOUNT, Feature.BACKUP, i % 2 == 0, "2026-01", null, AT.plusSeconds(i), false);
            ledger.add(last);
        }
        return ledger;
    }
}
