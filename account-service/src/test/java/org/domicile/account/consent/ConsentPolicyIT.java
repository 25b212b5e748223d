package org.domicile.account.consent;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.domicile.account.guardian.GuardianStore;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
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
    GuardianStore guardians;

    @Test
    void a_consent_to_an_old_policy_is_not_recorded_and_a_withdrawal_always_is() {
        var account = Person.signedUp().account();
        var consents = new Consents(
                pool, fence, ledger, state, notices, guardians, () -> Optional.of("2026-02"), Clock.systemUTC());

        var refused = assertThrows(
                ProblemException.class, () -> consents.set(account, Feature.BACKUP, true, "2026-01", null));
        assertEquals(ErrorCode.POLICY_OUTDATED, refused.code());
        assertEquals("2026-02", refused.problem().extensions().get("policyVersion"));

        consents.set(account, Feature.BACKUP, true, "2026-02", "hi").await().indefinitely();
        consents.set(account, Feature.BACKUP, false, "2026-01", "hi").await().indefinitely();
        assertEquals(2, consents.ledger(account).await().indefinitely().size());
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
    void an_auditor_is_told_the_first_broken_link() {
        var tampered = Person.signedUp();
        var honest = Person.signedUp();
        for (var person : new Person[] {tampered, honest}) {
            var token = person.token();
            for (var feature : new String[] {"backup", "messaging", "diagnostics"}) {
                Person.with(token)
                        .body(Map.of("granted", true, "policyVersion", "2026-01"))
                        .put("/v1/me/consents/" + feature);
            }
        }
        pool.query("update consent set policy_version = '2025-01' where sequence = 2 and account_id = '"
                        + tampered.account() + "'")
                .executeAndAwait();

        var auditor = AccountParts.operatorToken();
        given().auth()
                .oauth2(auditor)
                .get("/v1/consents/verification")
                .then()
                .statusCode(200)
                .body("broken.find { it.accountId == '" + tampered.account() + "' }.sequence", equalTo(2))
                .body("broken.accountId", not(hasItem(honest.account().toString())));
        Person.with(honest.token()).get("/v1/consents/verification").then().statusCode(403);
    }
}
