package org.domicile.account.registration;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityUser;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.testing.AccountParts;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class RegistrationPurgeIT {
    @Inject
    Identities identities;

    @Inject
    AccountKeys keys;

    @Inject
    Pool pool;

    @Test
    void an_expired_registration_goes_with_the_user_and_the_key_that_it_left() {
        var account = AccountId.create();
        identities
                .put(account, new IdentityUser(account.toString(), true, null, List.of()), 1)
                .await()
                .indefinitely();
        keys.openOrMake(account).await().indefinitely();
        pool.query("insert into registration (id, account_id, market, identifier_mac, code_mac, attempts, started,"
                        + " confirmed, created_at, expires_at) values (gen_random_uuid(), '" + account
                        + "', 'SG', '', '', 1, true, false, now() - interval '3 hours', now() - interval '2 hours')")
                .executeAndAwait();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> pool.query("select from registration where account_id = '" + account + "'")
                                .executeAndAwait()
                                .size()
                        == 0);

        assertTrue(identities.find(account).await().indefinitely().isEmpty());
        assertEquals(0, keys.count(account).await().indefinitely());
    }
}
