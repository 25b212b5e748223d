package org.domicile.account.consent;

import java.util.List;
import java.util.OptionalLong;

/** Walks a ledger. */
public final class LedgerCheck {
    private LedgerCheck() {}

    /**
     * @param ledger all entries, in sequence
     * @return the sequence of the first entry that does not follow from the one before or was changed; empty if the chain holds
     */
    public static OptionalLong firstBroken(List<LedgerEntry> ledger) {
        var previous = LedgerEntry.NOTHING;
        long expected = 1;
        for (var entry : ledger) {
            if (entry.sequence() != expected
                    || !entry.previous().equals(previous)
                    || !entry.hash().equals(entry.computeHash())) {
                return OptionalLong.of(expected);
            }
            previous = entry.hash();
            expected++;
        }
        return OptionalLong.empty();
    }
}
