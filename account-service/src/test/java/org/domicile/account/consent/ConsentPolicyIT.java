package org.domicile.account.consent;

import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.notice.NoticeStore;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class ConsentPolicyIT {
    @Inject
    Pool pool;

    @Inject
    Fence fence;

    @Inject
    ConsentLedger ledger;

    @Inject
    ConsentState state;

    @Inject
    WithdrawalNotices notices;

    @Inject
    NoticeStore noticeStore;

    @Inject
    GuardianStore guardians;

    @Test
    void a_consent_to_an_old_policy_is_not_recorded_and_a_withdrawal_always_is() {
        var account = Person.signedUp().account();
        var consents = under("2026-01", "2026-02");

        var refused = assertThrows(
                ProblemException.class, () -> consents.set(account, Feature.BACKUP, true, "2026-01", null));
        assertEquals(ErrorCode.POLICY_OUTDATED, refused.code());
        assertEquals("2026-02", refused.problem().extensions().get("policyVersion"));

        consents.set(account, Feature.BACKUP, true, "2026-02", "hi").await().indefinitely();
        consents.set(account, Feature.BACKUP, false, "2026-01", "hi").await().indefinitely();
        assertEquals(2, consents.ledger(account).await().indefinitely().size());
    }

    @Test
    void a_version_that_nobody_was_ever_shown_is_refused_and_the_one_in_force_named() {
        var token = Person.signedUp().token();
        for (var granted : new boolean[] {true, false}) {
            put(token, granted, "zzz")
                    .then()
                    .statusCode(400)
                    .body("type", endsWith("/invalid-request"))
                    .body(
                            "detail",
                            equalTo("There is no policy of version \"zzz\": the version in force is 2026-01 (GET"
                                    + " /v1/me/consents names it)."))
                    .body("policyVersion", equalTo("2026-01"));
        }
        put(token, true, "2026-02").then().statusCode(400);

        Person.with(token)
                .get("/v1/me/consents")
                .then()
                .body("policyVersion", equalTo("2026-01"))
                .body("ledger.size()", equalTo(0));
    }

    @Test
    void an_owner_who_agreed_to_an_older_policy_is_asked_again() {
        var person = Person.signedUp();
        var token = person.token();
        under("2025-11")
                .set(person.account(), Feature.BACKUP, true, "2025-11", null)
                .await()
                .indefinitely();

        assertTrue(asksAgain(token));
        put(token, true, "2025-11").then().statusCode(409).body("policyVersion", equalTo("2026-01"));
        assertTrue(asksAgain(token));

        put(token, true, "2026-01").then().statusCode(200);
        assertFalse(asksAgain(token));
    }

    @Test
    void the_owner_sees_when_what_was_stored_is_purged() {
        var person = Person.signedUp();
        var token = person.token();
        for (var granted : new boolean[] {true, false}) {
            Person.with(token)
                    .body(Map.of("granted", granted, "policyVersion", "2026-01"))
                    .put("/v1/me/consents/backup")
                    .then()
                    .statusCode(200);
        }

        var answer = Person.with(token)
                .get("/v1/me/consents")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();

        assertEquals(false, answer.getBoolean("features.backup.granted"));
        assertEquals(
                Instant.parse(answer.getString("features.backup.at")).plus(Duration.ofDays(30)),
                Instant.parse(answer.getString("features.backup.purgeAt")));
    }

    @Test
    void an_owner_whose_features_stand_still_is_told_once_of_each_policy_and_nobody_else() {
        var outdated = granted("2025-11");
        var inForce = granted("2026-01");
        var withdrawn = granted("2025-11");
        under("2025-11", "2026-01")
                .set(withdrawn.account(), Feature.BACKUP, false, "2026-01", null)
                .await()
                .indefinitely();

        telling("2025-11", "2026-01").tell().await().indefinitely();
        telling("2025-11", "2026-01").tell().await().indefinitely();

        assertEquals(1, told(outdated));
        assertEquals(0, told(inForce));
        assertEquals(0, told(withdrawn));
        Wait.until("sent", () -> Files.exists(outdated.letter()));

        telling("2025-11", "2026-01", "2026-02").tell().await().indefinitely();
        assertEquals(2, told(outdated));
        assertEquals(1, told(inForce));
    }

    private Person granted(String version) {
        var person = Person.signedUp();
        under(version)
                .set(person.account(), Feature.BACKUP, true, version, null)
                .await()
                .indefinitely();
        return person;
    }

    private long told(Person person) {
        return pool.preparedQuery("select from notice where account_id = $1 and kind = 'POLICY_CHANGED'")
                .executeAndAwait(Tuple.of(person.account().value()))
                .size();
    }

    private PolicyNotices telling(String... versions) {
        return new PolicyNotices(pool, fence, ledger, noticeStore, () -> List.of(versions), Clock.systemUTC());
    }

    private Consents under(String... versions) {
        return new Consents(pool, fence, ledger, state, notices, guardians, () -> List.of(versions), Clock.systemUTC());
    }

    private static Response put(String token, boolean granted, String version) {
        return Person.with(token)
                .body(Map.of("granted", granted, "policyVersion", version))
                .put("/v1/me/consents/backup");
    }

    private static boolean asksAgain(String token) {
        return Person.with(token)
                .get("/v1/me/consents")
                .then()
                .statusCode(200)
                .extract()
                .path("features.backup.asksAgain");
    }
}
