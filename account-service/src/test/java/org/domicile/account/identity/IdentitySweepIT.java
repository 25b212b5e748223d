package org.domicile.account.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.Test;

/** A Keycloak database that was restored has users again whose accounts are gone. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class IdentitySweepIT {
    @Inject
    IdentitySweep sweep;

    @Inject
    Identities identities;

    @Inject
    Pool pool;

    @Test
    void users_of_accounts_that_are_gone_are_deleted_and_no_others() {
        var lives = Person.signedUp();
        var left = revived();
        var erased = revived();
        var unknown = revived();
        execute("insert into fence (account_id, mode, epoch) values ('" + left + "', 'NONE', 7)");
        execute(
                "insert into erased (account_hash, region, erasure_id, epoch, state, requested_at, deadline, at, settled)"
                        + " values (sha256(uuid_send('" + erased
                        + "')), 'cn-north', gen_random_uuid(), 2, 'ERASED', now(),"
                        + " now(), now(), true)");

        sweep.sweep().await().indefinitely();

        assertTrue(identities.find(left).await().indefinitely().isEmpty(), "of an account that left");
        assertTrue(identities.find(erased).await().indefinitely().isEmpty(), "of an erased account");
        assertTrue(identities.find(unknown).await().indefinitely().isPresent(), "of one that may be opened just now");
        assertEquals(200, Person.trySignIn(lives.email(), lives.password()).statusCode());
        assertFalse(AccountParts.operatorToken().isEmpty(), "an operator is no account");
    }

    @Test
    void the_user_of_an_account_that_comes_back_meanwhile_stays() {
        var account = revived();
        execute("insert into fence (account_id, mode, epoch) values ('" + account + "', 'NONE', 7)");
        identities.disable(account, 8).await().indefinitely();

        sweep.sweep().await().indefinitely();

        assertTrue(identities.find(account).await().indefinitely().isPresent());
    }

    @Test
    void every_account_is_on_one_page() {
        var all = Stream.generate(this::revived).limit(5).toList();
        var listed = new ArrayList<AccountId>();
        var page = identities.page(0, 2).await().indefinitely();
        for (var first = 0;
                page.users() > 0;
                page = identities.page(first, 2).await().indefinitely()) {
            listed.addAll(page.accounts());
            first += page.users();
        }
        assertTrue(listed.containsAll(all), listed + " lacks one of " + all);
        assertEquals(listed.stream().distinct().toList(), listed);
    }

    private AccountId revived() {
        var account = AccountId.create();
        identities
                .put(account, new IdentityUser(account.toString(), true, null, List.of()), 1)
                .await()
                .indefinitely();
        return account;
    }

    private void execute(String sql) {
        pool.query(sql).executeAndAwait();
    }
}
