package org.domicile.account.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

/** Orders to Keycloak arrive late, after others that were sent later; they are the requests nobody waits for any more. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class LateOrdersIT {
    private static final int AT_ONCE = 12;
    private static final int ROUNDS = 25;

    @Inject
    Identities identities;

    @Test
    void one_that_enables_a_frozen_account_is_refused_and_nobody_signs_in() {
        var person = Person.signedUp();
        var account = person.account();
        done(identities.disable(account, 5));

        refused(identities.enable(account, 4));

        assertFalse(enabled(account));
        assertEquals(400, Person.trySignIn(person.email(), person.password()).statusCode());
    }

    @Test
    void one_that_disables_an_account_whose_move_was_aborted_is_refused_and_its_owner_signs_in() {
        var person = Person.signedUp();
        var account = person.account();
        done(identities.enable(account, 6));

        refused(identities.disable(account, 5));

        assertEquals(200, Person.trySignIn(person.email(), person.password()).statusCode());
    }

    @Test
    void one_that_deletes_or_replaces_what_a_later_move_brought_is_refused() {
        var account = AccountId.create();
        done(identities.put(account, user(account, "pt"), 7));

        refused(identities.delete(account, 6));
        refused(identities.put(account, user(account, "en"), 6));

        assertEquals(
                "pt",
                identities.find(account).await().indefinitely().orElseThrow().locale());
        done(identities.put(account, user(account, "zh"), 7));
        done(identities.delete(account, 7));
        assertTrue(identities.find(account).await().indefinitely().isEmpty());
    }

    @Test
    void whatever_the_order_in_which_they_arrive_the_last_one_that_was_given_holds() {
        var account = AccountId.create();
        done(identities.put(account, user(account, "en"), 0));
        for (long round = 0; round < ROUNDS; round++) {
            var last = (round + 1) * AT_ONCE;
            var orders = LongStream.rangeClosed(last - AT_ONCE + 1, last)
                    .mapToObj(epoch -> order(account, epoch)
                            .onFailure(ProblemException.class)
                            .recoverWithNull())
                    .collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(orders);
            Uni.join().all(orders).andFailFast().await().indefinitely();

            assertEquals(enables(last), enabled(account), "after " + last);
        }
    }

    private Uni<Void> order(AccountId account, long epoch) {
        return enables(epoch)
                ? identities.enable(account, epoch)
                : identities.disable(account, epoch).replaceWithVoid();
    }

    /** So that either kind of order is the last of some round. */
    private static boolean enables(long epoch) {
        return (epoch / AT_ONCE + epoch) % 2 == 0;
    }

    private boolean enabled(AccountId account) {
        return identities.find(account).await().indefinitely().orElseThrow().enabled();
    }

    private static IdentityUser user(AccountId account, String locale) {
        return new IdentityUser(account.toString(), true, locale, List.of());
    }

    private static void done(Uni<?> order) {
        order.await().indefinitely();
    }

    private static void refused(Uni<?> order) {
        var problem = assertThrows(ProblemException.class, () -> order.await().indefinitely());
        assertEquals(ErrorCode.CONFLICT, problem.code());
    }
}
