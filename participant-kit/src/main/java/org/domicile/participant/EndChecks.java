package org.domicile.participant;

import static org.domicile.participant.Broken.unless;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** What is proved, and what is left. */
final class EndChecks {
    private static final byte[] KEY =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] OTHER =
            "fedcba9876543210fedcba9876543210".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private EndChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "digest",
                        "The digest is that of the records in canonical form, under the key given.",
                        EndChecks::digest),
                new Check(
                        "purge",
                        "PURGE leaves nothing: no record, no key, no digest but that of nothing.",
                        EndChecks::purge),
                new Check(
                        "tombstone",
                        "A purged account is not revived by a late command or by opening it.",
                        EndChecks::tombstone),
                new Check("return", "A purged account can come again at a higher epoch.", EndChecks::comesAgain));
    }

    private static void digest(Subject subject) {
        var account = subject.opened();
        mustDigest(account, KEY);
        account.fill();
        account.order("freeze", 3);
        mustDigest(account, KEY);
        mustDigest(account, OTHER);
    }

    private static void mustDigest(Account account, byte[] key) {
        var digests = account.digests(key);
        account.records().forEach((name, records) -> mustBe(digests, name, records, key));
    }

    private static void mustBe(Map<String, JsonNode> digests, String name, List<Rec> records, byte[] key) {
        var said = digests.get(name);
        unless(said != null, "the digest of " + name + " is missing");
        unless(
                said.path("count").asLong() == records.size(),
                name + ": the digest counts " + said.path("count") + " records of " + records.size());
        var expected = Canonical.digest(key, name, records);
        unless(
                expected.equals(said.path("digest").asText()),
                name + ": the digest must be " + expected + " and is "
                        + said.path("digest").asText()
                        + (records.isEmpty()
                                ? " (of no record)"
                                : "; the first record in canonical form is "
                                        + Canonical.json(records.getFirst().data())));
    }

    private static void purge(Subject subject) {
        var account = subject.opened();
        account.fill();
        account.order("freeze", 3);
        account.order("keep", 4);
        var purged = account.order("purge", 5);
        purged.mustBe("NONE", 5, "after PURGE");
        unless(purged.done() && purged.left() == 0, "PURGE says that " + purged.left() + " records are left");
        var digests = account.digests(KEY);
        for (var name : subject.classes()) {
            unless(account.records(name).isEmpty(), name + ": records are left after PURGE");
            unless(account.keys(name).isEmpty(), name + ": keys are left after PURGE");
            mustBe(digests, name, List.of(), KEY);
        }
    }

    private static void tombstone(Subject subject) {
        var account = subject.opened();
        account.fill();
        account.order("purge", 8);
        account.order("activate", 7).mustBe("NONE", 8, "after a late ACTIVATE");
        account.order("shadow", 5, 5).mustBe("NONE", 8, "after a late SHADOW");
        account.open(1).mustBe("NONE", 8, "opened after a purge");
        account.open(9).mustBe("NONE", 8, "opened after a purge, at a higher epoch");
        account.mustRefuseWrites("after PURGE");
    }

    private static void comesAgain(Subject subject) {
        var account = subject.opened();
        account.fill();
        var records = account.records();
        account.order("purge", 8);
        account.order("shadow", 9, 9).mustBe("SHADOW", 9, "after a new SHADOW");
        records.forEach(
                (name, list) -> account.shadowWrite(name, 9, list, List.of()).orBroken("a shadow write of " + name));
        Row.of(account.close(10, 9, 70)).mustBe("CLOSED", 10, "after CLOSE");
        mustDigest(account, KEY);
        account.order("activate", 11).mustBe("OWN", 11, "after ACTIVATE");
        account.delete(
                subject.firstClass(),
                records.get(subject.firstClass()).getFirst().key());
        account.write(subject.firstClass());
    }
}
