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
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.note.NoteProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class ConsentGateIT {
    @Inject
    Pool pool;

    @Test
    void a_new_policy_stores_nothing_new_until_the_owner_has_agreed_to_it() {
        var account = agreedTo("2026-01");
        var gate = new ConsentGate(pool, () -> Optional.of("2026-02"));

        var refused = assertThrows(ProblemException.class, () -> require(gate, account));
        assertEquals(ErrorCode.CONSENT_REQUIRED, refused.code());
        assertEquals("2026-02", refused.problem().extensions().get("policyVersion"));
        assertFalse(gate.granted(account, Feature.BACKUP).await().indefinitely());

        assertDoesNotThrow(() -> require(gate, agreedTo("2026-02")));
        assertDoesNotThrow(() -> require(gate, agreedTo("2026-10")));
    }

    @Test
    void without_a_policy_in_force_every_version_counts() {
        var gate = new ConsentGate(pool, Optional::empty);
        var account = agreedTo("2020-01");

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

    private void require(ConsentGate gate, AccountId account) {
        pool.withTransaction(c -> gate.require(c, account, Feature.BACKUP))
                .await()
                .indefinitely();
    }
}
