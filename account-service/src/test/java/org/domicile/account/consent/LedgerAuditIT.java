package org.domicile.account.consent;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.participant.Participant;
import org.domicile.platform.participant.RecordClass;
import org.junit.jupiter.api.Test;

/** The test is somebody who may do anything in the database, and nothing elsewhere. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class LedgerAuditIT {
    private static final List<String> FEATURES = List.of("backup", "messaging", "diagnostics");

    @Inject
    Pool pool;

    @Inject
    ConsentLedger ledger;

    @Inject
    Participant participant;

    @Test
    void nobody_changes_or_deletes_an_entry_by_an_ordinary_statement() {
        var account = published();

        for (var statement : List.of(
                "update consent set granted = false where account_id = '" + account + "'",
                "update consent set version = version where account_id = '" + account + "'",
                "delete from consent where account_id = '" + account + "'",
                "truncate consent")) {
            var refusal = assertThrows(
                    RuntimeException.class, () -> pool.query(statement).executeAndAwait());
            assertTrue(refusal.getMessage().contains("append-only"), refusal.getMessage());
        }
        assertEquals(FEATURES.size(), entries(account).size());
    }

    @Test
    void a_purge_ends_the_ledger_of_its_own_account_only() {
        var account = published();
        var other = published();

        assertThrows(RuntimeException.class, () -> pool.withTransaction(
                        c -> c.preparedQuery("select set_config('domicile.ledger_ends', $1, true)")
                                .execute(Tuple.of(account.toString()))
                                .chain(() -> c.query("delete from consent where account_id = '" + other + "'")
                                        .execute()))
                .await()
                .indefinitely());
        consents().purge(account).await().indefinitely();

        assertEquals(0, entries(account).size());
        assertEquals(FEATURES.size(), entries(other).size());
    }

    @Test
    void a_changed_entry_is_named() {
        var account = published();

        tamper("update consent set policy_version = '2025-01' where sequence = 2 and account_id = '" + account + "'");

        assertEquals(List.of(2L), broken(account));
    }

    @Test
    void a_tail_that_was_cut_off_is_named() {
        var account = published();

        tamper("delete from consent where sequence > 1 and account_id = '" + account + "'");

        assertEquals(List.of(2L), broken(account));
    }

    @Test
    void a_ledger_that_was_removed_is_named() {
        var account = published();

        tamper("delete from consent where account_id = '" + account + "'");

        assertEquals(List.of(1L), broken(account));
    }

    @Test
    void a_ledger_that_was_written_and_hashed_anew_is_named() {
        var account = published();
        LedgerEntry last = null;
        for (var entry : entries(account)) {
            last = LedgerEntry.after(
                    last,
                    account,
                    entry.feature(),
                    entry.granted(),
                    entry.policyVersion(),
                    "hi",
                    entry.at(),
                    entry.guardian());
            tamper("update consent set locale = 'hi', previous = '" + last.previous() + "', hash = '" + last.hash()
                    + "' where account_id = '" + account + "' and sequence = " + last.sequence());
        }
        assertTrue(LedgerCheck.firstBroken(entries(account)).isEmpty(), "the chain alone holds");

        assertEquals(List.of(1L), broken(account));
    }

    @Test
    void an_honest_ledger_is_not_named_and_owners_do_not_audit() {
        var person = Person.signedUp();
        decide(person);

        assertEquals(List.of(), broken(person.account()));
        person.asked().get("/v1/consents/verification").then().statusCode(403);
        audited("zzz").then().statusCode(400);
        audited("published-99-0").then().statusCode(200);
    }

    private RecordClass consents() {
        return participant.classes().stream()
                .filter(c -> c.name().equals("consents"))
                .findFirst()
                .orElseThrow();
    }

    private AccountId published() {
        var person = Person.signedUp();
        decide(person);
        return person.account();
    }

    /** Each feature once, and waits until that is published. */
    private static void decide(Person person) {
        var token = person.token();
        for (var feature : FEATURES) {
            Person.with(token)
                    .body(Map.of("granted", true, "policyVersion", "2026-01"))
                    .put("/v1/me/consents/" + feature)
                    .then()
                    .statusCode(200);
        }
        TopicReader.until(
                Topics.CONSENT_STATE,
                person.account(),
                data -> data.getJsonObject("features").size() == FEATURES.size());
    }

    /** As the database's superuser, past every trigger. */
    private void tamper(String statement) {
        pool.withTransaction(c -> c.query("set local session_replication_role = replica")
                        .execute()
                        .chain(() -> c.query(statement).execute()))
                .await()
                .indefinitely();
    }

    private List<LedgerEntry> entries(AccountId account) {
        return ledger.all(pool, account).await().indefinitely();
    }

    /** Where the whole audit says that the account's ledger is broken. */
    private static List<Long> broken(AccountId account) {
        var found = new ArrayList<Long>();
        String next = null;
        do {
            var page = audited(next).then().statusCode(200).extract().jsonPath();
            List<Map<String, Object>> broken = page.getList("broken");
            broken.stream()
                    .filter(b -> Objects.equals(b.get("accountId"), account.toString()))
                    .forEach(b -> found.add(((Number) b.get("sequence")).longValue()));
            next = page.getString("next");
        } while (next != null);
        return found;
    }

    private static Response audited(String after) {
        var request = given().auth().oauth2(AccountParts.operatorToken());
        return (after == null ? request : request.queryParam("after", after)).get("/v1/consents/verification");
    }
}
