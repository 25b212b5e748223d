package org.domicile.platform.consent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.note.NoteProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class ConsentGateIT {
    @Inject
    Pool pool;

    @Inject
    ConsentGate gate;

    @Inject
    OperatedPolicy policy;

    @AfterEach
    void first() {
        policy.reset();
    }

    @Test
    void a_new_policy_stores_nothing_new_until_the_owner_has_agreed_to_it() {
        var account = agreedTo("2026-01");
        assertDoesNotThrow(() -> require(account));

        policy.are("2026-01", "2026-02");

        var refused = assertThrows(ProblemException.class, () -> require(account));
        assertEquals(ErrorCode.CONSENT_REQUIRED, refused.code());
        assertEquals("2026-02", refused.problem().extensions().get("policyVersion"));
        assertFalse(gate.granted(account, Feature.BACKUP).await().indefinitely());
        assertDoesNotThrow(() -> require(agreedTo("2026-02")));
    }

    @Test
    void a_later_policy_than_this_service_knows_counts_and_what_is_no_version_does_not() {
        assertDoesNotThrow(() -> require(agreedTo("2026-10")));
        assertThrows(ProblemException.class, () -> require(agreedTo("zzz")));
    }

    @Test
    void no_decision_and_no_row_are_off() {
        var account = agreedTo("2026-01");

        assertTrue(gate.granted(account, Feature.BACKUP).await().indefinitely());
        assertFalse(gate.granted(account, Feature.MESSAGING).await().indefinitely());
        assertFalse(gate.granted(AccountId.create(), Feature.BACKUP).await().indefinitely());
    }

    private AccountId agreedTo(String version) {
        var account = AccountId.create();
        var features = new JsonObject()
                .put("backup", new JsonObject().put("granted", true).put("policyVersion", version));
        pool.preparedQuery(
                        "insert into consent_projection (account_id, version, epoch, features) values ($1, 1, 1, $2)")
                .execute(Tuple.of(account.value(), features))
                .await()
                .indefinitely();
        return account;
    }

    private void require(AccountId account) {
        pool.withTransaction(c -> gate.require(c, account, Feature.BACKUP))
                .await()
                .indefinitely();
    }
}
