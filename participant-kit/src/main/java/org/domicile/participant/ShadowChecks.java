package org.domicile.participant;

import static org.domicile.participant.Broken.unless;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/** How records are read, copied and closed. */
final class ShadowChecks {
    private ShadowChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "pages",
                        "Records come in the order of their versions, page by page, none missing, no version split.",
                        ShadowChecks::pages),
                new Check(
                        "keys",
                        "Keys and records that are asked for by key say the same as the pages.",
                        ShadowChecks::keys),
                new Check("empty-shadow", "SHADOW begins empty, with version 0.", ShadowChecks::empty),
                new Check(
                        "shadow-epoch",
                        "A shadow takes records of its own epoch only, and nothing else takes any.",
                        ShadowChecks::epoch),
                new Check(
                        "newer-only",
                        "A shadow takes a record only if its version is above the one that is there.",
                        ShadowChecks::newer),
                new Check(
                        "removal",
                        "A shadow drops the keys that the source no longer has, and no others.",
                        ShadowChecks::removal),
                new Check("round-trip", "What was copied is given back as it was.", ShadowChecks::roundTrip),
                new Check(
                        "kept-shadow",
                        "KEEP and FEED keep the records and take the shadow's new epoch.",
                        ShadowChecks::kept),
                new Check(
                        "close-needs-shadow",
                        "CLOSE of another shadow than this one changes nothing.",
                        ShadowChecks::closeNeedsShadow),
                new Check(
                        "counter",
                        "CLOSE adopts the sealed version; the new home's first write is above it.",
                        ShadowChecks::counter));
    }

    private static void pages(Subject subject) {
        var account = subject.opened();
        var name = subject.firstClass();
        for (int i = 0; i < 11; i++) {
            account.write(name);
        }
        account.change(name, account.records(name).getFirst().key());
        var seen = new ArrayList<Rec>();
        var page = account.page(name, -1, 3);
        while (!page.isEmpty()) {
            for (var record : page) {
                unless(
                        seen.isEmpty() || seen.getLast().version() <= record.version(),
                        "records must come in the order of their versions");
                seen.add(record);
            }
            var last = page.getLast().version();
            page = account.page(name, last, 3);
            unless(page.stream().allMatch(r -> r.version() > last), "a page must be above the version asked for");
        }
        var keys = new TreeSet<String>();
        seen.forEach(r -> keys.add(r.key()));
        unless(
                keys.equals(account.keys(name).keySet()) && seen.size() == keys.size(),
                "pages of 3 gave " + seen.size() + " records of "
                        + account.keys(name).size());
    }

    private static void keys(Subject subject) {
        var account = subject.opened();
        account.fill();
        for (var name : subject.classes()) {
            var records = account.records(name);
            var keys = account.keys(name);
            unless(
                    records.size() == keys.size()
                            && records.stream().allMatch(r -> keys.getOrDefault(r.key(), -1L) == r.version()),
                    name + ": keys and records differ");
            var asked = List.of(records.get(1).key(), records.get(2).key(), "no such key");
            unless(
                    new HashSet<>(account.recordsOf(name, asked)).equals(new HashSet<>(records.subList(1, 3))),
                    name + ": records asked for by key are others");
        }
    }

    private static void empty(Subject subject) {
        var account = subject.opened();
        account.fill();
        var row = account.order("shadow", 3, 3);
        row.mustBe("SHADOW", 3, "after SHADOW");
        unless(row.version() == 0, "a new shadow's version must be 0");
        account.records().forEach((name, records) -> unless(records.isEmpty(), name + " is not empty after SHADOW"));
    }

    /** A shadow of epoch 5, and the records that the account had before. */
    private record Copy(Account account, List<Rec> records) {}

    private static Copy copy(Subject subject) {
        var account = subject.opened();
        account.fill();
        var records = account.records(subject.firstClass());
        account.order("purge", 4);
        account.order("shadow", 5, 5).mustBe("SHADOW", 5, "after SHADOW");
        return new Copy(account, records);
    }

    private static void epoch(Subject subject) {
        var copy = copy(subject);
        var name = subject.firstClass();
        for (long epoch : new long[] {0, 4, 6}) {
            mustRefuse(copy.account().shadowWrite(name, epoch, copy.records(), List.of()), "of epoch " + epoch);
        }
        unless(copy.account().records(name).isEmpty(), "records of another shadow epoch were taken");
        copy.account().shadowWrite(name, 5, copy.records(), List.of()).orBroken("a shadow write of its epoch");
        var own = subject.opened();
        mustRefuse(own.shadowWrite(name, 1, List.of(), List.of()), "in OWN");
        own.order("freeze", 3);
        mustRefuse(own.shadowWrite(name, 3, List.of(), List.of()), "in FROZEN");
        own.order("purge", 4);
        mustRefuse(own.shadowWrite(name, 4, List.of(), List.of()), "in NONE");
    }

    private static void mustRefuse(Answer answer, String when) {
        unless(
                answer.status() == 409,
                "a shadow write " + when + " must be answered 409 and was answered " + answer.status());
    }

    private static void newer(Subject subject) {
        var copy = copy(subject);
        var name = subject.firstClass();
        var first = copy.records().get(0).at(5);
        var other = first.with(copy.records().get(1).data());
        write(copy.account(), name, first);
        write(copy.account(), name, other);
        write(copy.account(), name, other.at(4));
        unless(copy.account().records(name).equals(List.of(first)), "a record was taken whose version is not above");
        write(copy.account(), name, other.at(6));
        unless(copy.account().records(name).equals(List.of(other.at(6))), "a newer record was not taken");
    }

    private static void write(Account account, String name, Rec record) {
        account.shadowWrite(name, 5, List.of(record), List.of()).orBroken("a shadow write");
    }

    private static void removal(Subject subject) {
        var copy = copy(subject);
        var name = subject.firstClass();
        var gone = copy.records().getFirst();
        copy.account().shadowWrite(name, 5, copy.records(), List.of()).orBroken("a shadow write");
        copy.account()
                .shadowWrite(name, 5, List.of(), List.of(gone.key(), "no such key"))
                .orBroken("a shadow write that removes");
        var left = new ArrayList<>(copy.records());
        left.remove(gone);
        unless(copy.account().records(name).equals(left), "after a removal other records are there than must be");
    }

    private static void roundTrip(Subject subject) {
        var account = subject.opened();
        account.fill();
        var records = account.records();
        account.order("purge", 4);
        account.order("shadow", 5, 5);
        records.forEach(
                (name, list) -> account.shadowWrite(name, 5, list, List.of()).orBroken("a shadow write of " + name));
        records.forEach((name, list) ->
                unless(account.records(name).equals(list), name + ": records are not given back as they were put"));
    }

    private static void kept(Subject subject) {
        var account = subject.opened();
        account.fill();
        var name = subject.firstClass();
        var records = account.records();
        var frozen = account.order("freeze", 3);
        var kept = account.order("keep", 4);
        kept.mustBe("SHADOW", 4, "after KEEP");
        unless(
                kept.version() == frozen.version() && records.equals(account.records()),
                "KEEP must leave records and version as they are");
        var fed = account.order("feed", 5, 5);
        fed.mustBe("SHADOW", 5, "after FEED");
        unless(
                fed.version() == frozen.version() && records.equals(account.records()),
                "FEED must leave records and version as they are");
        var newer = records.get(name).getFirst().at(frozen.version() + 1);
        mustRefuse(account.shadowWrite(name, 4, List.of(newer), List.of()), "of the epoch before FEED");
        account.shadowWrite(name, 5, List.of(newer), List.of()).orBroken("a shadow write after FEED");
        unless(
                Long.valueOf(newer.version()).equals(account.keys(name).get(newer.key())),
                "a fed shadow did not take a newer record");
    }

    private static void closeNeedsShadow(Subject subject) {
        var own = subject.opened();
        unless(own.close(3, 2, 9).status() == 409, "CLOSE in OWN must be answered 409");
        own.row().mustBe("OWN", 1, "after CLOSE in OWN");
        var copy = copy(subject).account();
        unless(copy.close(6, 4, 9).status() == 409, "CLOSE of another shadow epoch must be answered 409");
        copy.row().mustBe("SHADOW", 5, "after CLOSE of another shadow epoch");
    }

    private static void counter(Subject subject) {
        var account = copy(subject).account();
        var closed = Row.of(account.close(6, 5, 1_000));
        closed.mustBe("CLOSED", 6, "after CLOSE");
        unless(closed.version() == 1_000, "CLOSE must adopt the manifest's counter 1000, and has " + closed.version());
        account.order("activate", 7).mustBe("OWN", 7, "after ACTIVATE");
        var version = account.write(subject.firstClass()).version();
        unless(version > 1_000, "the first write after a move has version " + version + ", not above 1000");
    }
}
