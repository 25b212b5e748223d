package org.domicile.account.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.domicile.client.sdk.ConsentChain;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;

/** Whatever is done to a ledger, the service's check and the owner's own, which share no code, name the same entry. */
class LedgerProperties {
    private static final AccountId ACCOUNT = AccountId.create();
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    /** As the service answers. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @Property
    void an_untouched_ledger_holds(@ForAll("ledgers") List<LedgerEntry> ledger) {
        assertBroken(OptionalLong.empty(), ledger);
    }

    @Property
    void a_change_of_any_member_is_named(
            @ForAll("ledgers") List<LedgerEntry> ledger, @ForAll int at, @ForAll @IntRange(max = 7) int member) {
        var place = place(at, ledger.size());
        var changed = new ArrayList<>(ledger);
        changed.set(place, changed(ledger.get(place), member));

        assertBroken(OptionalLong.of(place + 1), changed);
    }

    @Property
    void an_entry_that_was_changed_and_hashed_again_breaks_the_next(
            @ForAll("ledgers") List<LedgerEntry> ledger, @ForAll int at) {
        var place = place(at, ledger.size());
        var changed = new ArrayList<>(ledger);
        var entry = changed(ledger.get(place), 0);
        changed.set(place, with(entry, entry.previous(), entry.computeHash()));

        assertBroken(place + 1 == ledger.size() ? OptionalLong.empty() : OptionalLong.of(place + 2), changed);
    }

    @Property
    void a_removal_before_the_end_is_named(@ForAll("ledgers") List<LedgerEntry> ledger, @ForAll int at) {
        var place = place(at, ledger.size());
        var shorter = new ArrayList<>(ledger);
        shorter.remove(place);

        assertBroken(place + 1 == ledger.size() ? OptionalLong.empty() : OptionalLong.of(place + 1), shorter);
    }

    @Property
    void a_swap_is_named(@ForAll("ledgers") List<LedgerEntry> ledger, @ForAll int one, @ForAll int other) {
        var first = place(one, ledger.size());
        var second = place(other, ledger.size());
        var swapped = new ArrayList<>(ledger);
        Collections.swap(swapped, first, second);

        assertBroken(first == second ? OptionalLong.empty() : OptionalLong.of(Math.min(first, second) + 1), swapped);
    }

    @Property
    void an_entry_that_was_put_in_is_named(@ForAll("ledgers") List<LedgerEntry> ledger, @ForAll int at) {
        var place = place(at, ledger.size() + 1);
        var before = place == 0 ? null : ledger.get(place - 1);
        var longer = new ArrayList<>(ledger);
        longer.add(
                place, next(before, ACCOUNT, new Decision(Feature.DIAGNOSTICS, true, "2026-01", "put in", 1, false)));

        assertBroken(place == ledger.size() ? OptionalLong.empty() : OptionalLong.of(place + 2), longer);
    }

    @Property
    void an_entry_of_another_account_is_named(@ForAll("ledgers") List<LedgerEntry> ledger, @ForAll int at) {
        var place = place(at, ledger.size() + 1);
        var before = place == 0 ? null : ledger.get(place - 1);
        var foreign = next(before, AccountId.create(), new Decision(Feature.BACKUP, true, "2026-01", null, 1, false));
        var longer = new ArrayList<>(ledger);
        longer.add(place, of(ACCOUNT, foreign));

        assertBroken(OptionalLong.of(place + 1), longer);
    }

    @Property
    void a_whole_ledger_of_another_account_is_named_at_its_first_entry(@ForAll("ledgers") List<LedgerEntry> ledger) {
        var other = AccountId.create();

        assertBroken(
                OptionalLong.of(1),
                other,
                ledger.stream().map(entry -> of(other, entry)).toList());
    }

    @Provide
    Arbitrary<List<LedgerEntry>> ledgers() {
        var decisions = Combinators.combine(
                        Arbitraries.of(Feature.class),
                        Arbitraries.of(true, false),
                        Arbitraries.of("2025-11", "2026-01", "2026-02"),
                        Arbitraries.strings()
                                .withChars("az-_ \"\\\u00e9\u7231\u2028")
                                .ofMaxLength(8)
                                .injectNull(0.3),
                        Arbitraries.longs().between(0, 86_400_000),
                        Arbitraries.of(true, false))
                .as(Decision::new);
        return decisions.list().ofMinSize(1).ofMaxSize(10).map(LedgerProperties::ledger);
    }

    private record Decision(
            Feature feature, boolean granted, String policy, String locale, long millis, boolean guardian) {}

    private static List<LedgerEntry> ledger(List<Decision> decisions) {
        var ledger = new ArrayList<LedgerEntry>();
        for (var decision : decisions) {
            ledger.add(next(ledger.isEmpty() ? null : ledger.getLast(), ACCOUNT, decision));
        }
        return List.copyOf(ledger);
    }

    private static LedgerEntry next(LedgerEntry before, AccountId account, Decision decision) {
        return LedgerEntry.after(
                before,
                account,
                decision.feature(),
                decision.granted(),
                decision.policy(),
                decision.locale(),
                START.plusMillis(decision.millis()),
                decision.guardian());
    }

    private static LedgerEntry changed(LedgerEntry e, int member) {
        return switch (member) {
            case 0 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence(),
                        e.feature(),
                        !e.granted(),
                        e.policyVersion(),
                        e.locale(),
                        e.at(),
                        e.guardian(),
                        e.previous(),
                        e.hash());
            case 1 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence() + 1,
                        e.feature(),
                        e.granted(),
                        e.policyVersion(),
                        e.locale(),
                        e.at(),
                        e.guardian(),
                        e.previous(),
                        e.hash());
            case 2 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence(),
                        Feature.values()[(e.feature().ordinal() + 1) % Feature.values().length],
                        e.granted(),
                        e.policyVersion(),
                        e.locale(),
                        e.at(),
                        e.guardian(),
                        e.previous(),
                        e.hash());
            case 3 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence(),
                        e.feature(),
                        e.granted(),
                        e.policyVersion() + "x",
                        e.locale(),
                        e.at(),
                        e.guardian(),
                        e.previous(),
                        e.hash());
            case 4 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence(),
                        e.feature(),
                        e.granted(),
                        e.policyVersion(),
                        e.locale() == null ? "" : null,
                        e.at(),
                        e.guardian(),
                        e.previous(),
                        e.hash());
            case 5 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence(),
                        e.feature(),
                        e.granted(),
                        e.policyVersion(),
                        e.locale(),
                        e.at().plusMillis(1),
                        e.guardian(),
                        e.previous(),
                        e.hash());
            case 6 ->
                new LedgerEntry(
                        e.account(),
                        e.sequence(),
                        e.feature(),
                        e.granted(),
                        e.policyVersion(),
                        e.locale(),
                        e.at(),
                        !e.guardian(),
                        e.previous(),
                        e.hash());
            default -> with(e, e.previous(), "0".repeat(64));
        };
    }

    private static LedgerEntry with(LedgerEntry e, String previous, String hash) {
        return new LedgerEntry(
                e.account(),
                e.sequence(),
                e.feature(),
                e.granted(),
                e.policyVersion(),
                e.locale(),
                e.at(),
                e.guardian(),
                previous,
                hash);
    }

    private static LedgerEntry of(AccountId account, LedgerEntry e) {
        return new LedgerEntry(
                account,
                e.sequence(),
                e.feature(),
                e.granted(),
                e.policyVersion(),
                e.locale(),
                e.at(),
                e.guardian(),
                e.previous(),
                e.hash());
    }

    private static int place(int any, int size) {
        return Math.floorMod(any, size);
    }

    private static void assertBroken(OptionalLong expected, List<LedgerEntry> ledger) {
        assertBroken(expected, ACCOUNT, ledger);
    }

    private static void assertBroken(OptionalLong expected, AccountId account, List<LedgerEntry> ledger) {
        assertEquals(expected, LedgerCheck.firstBroken(ledger), "the service's check");
        assertEquals(
                expected, ConsentChain.firstBroken(account.toString(), JSON.valueToTree(ledger)), "the owner's own");
    }
}
