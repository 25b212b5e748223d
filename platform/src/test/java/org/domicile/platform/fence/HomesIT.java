package org.domicile.platform.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Homes.Place;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;
import org.domicile.platform.residency.WrongRegion;
import org.domicile.platform.testing.TestRegions;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class HomesIT {
    private static final String HERE = "here";

    @Inject
    NoteApplication application;

    @Inject
    Homes homes;

    @Inject
    FenceStore fences;

    @Inject
    Residencies residencies;

    @Inject
    Pool pool;

    @Test
    void an_account_lives_where_its_fence_is_open_or_frozen() {
        var account = application.opened();
        assertEquals(HERE, home(account, 0));
        assertEquals(HERE, home(account, 1));
        fence(account, FenceMode.FROZEN, 2);
        assertEquals(HERE, home(account, 2));
    }

    @Test
    void the_new_home_knows_itself_before_its_directory_does() {
        var account = AccountId.create();
        learn(account, TestRegions.CN, TestRegions.SG, 4);
        assertEquals(TestRegions.SG, home(account, 0));
        fence(account, FenceMode.SHADOW, 5);
        assertEquals(TestRegions.SG, home(account, 4), "it is copied for days");
        fence(account, FenceMode.OWN, 6);
        assertEquals(HERE, home(account, 6));
    }

    @Test
    void a_home_that_the_directory_says_is_past_is_not_believed() {
        var account = application.opened();
        learn(account, TestRegions.CN, TestRegions.SG, 4);
        assertEquals(TestRegions.SG, home(account, 0));
        assertEquals(
                TestRegions.SG,
                assertThrows(
                                WrongRegion.class,
                                () -> homes.here(account, 0).await().indefinitely())
                        .residency()
                        .home());
    }

    @Test
    void whom_the_account_has_left_waits_for_the_directory() {
        var account = application.opened();
        fence(account, FenceMode.CLOSED, 2);
        var waiting = ask(account, 0);
        assertFalse(waiting.toCompletableFuture().isDone());
        learn(account, TestRegions.CN, TestRegions.SG, 3);
        assertEquals(TestRegions.SG, name(waiting.toCompletableFuture().join()));
    }

    @Test
    void who_knows_a_later_home_waits_until_it_is_one() {
        var account = AccountId.create();
        learn(account, TestRegions.CN, TestRegions.SG, 4);
        fence(account, FenceMode.SHADOW, 5);
        var waiting = ask(account, 6);
        assertFalse(waiting.toCompletableFuture().isDone());
        fence(account, FenceMode.OWN, 6);
        assertEquals(HERE, name(waiting.toCompletableFuture().join()));
    }

    @Test
    void what_never_comes_is_not_waited_for_without_end() {
        var left = application.opened();
        fence(left, FenceMode.CLOSED, 2);
        var refused = assertThrows(ProblemException.class, () -> home(left, 0));
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertEquals(1, refused.problem().extensions().get("retryAfter"));

        var account = application.opened();
        assertThrows(ProblemException.class, () -> home(account, 7));
    }

    @Test
    void nobody_lives_here_until_somebody_says_so() {
        assertEquals(HERE, home(AccountId.create(), 0));
    }

    @Test
    void an_epoch_is_a_whole_number() {
        assertEquals(0, EpochHeader.known(null));
        assertEquals(7, EpochHeader.known("7"));
        for (var wrong : new String[] {"", "-1", "seven", "7.0", "99999999999999999999"}) {
            var refused = assertThrows(ProblemException.class, () -> EpochHeader.known(wrong));
            assertEquals(ErrorCode.INVALID_REQUEST, refused.code());
        }
    }

    private String home(AccountId account, long known) {
        return name(homes.find(account, known).await().indefinitely());
    }

    private CompletionStage<Place> ask(AccountId account, long known) {
        return homes.find(account, known).subscribeAsCompletionStage();
    }

    private static String name(Place place) {
        return place.elsewhere().map(Residency::home).orElse(HERE);
    }

    private void fence(AccountId account, FenceMode mode, long epoch) {
        pool.withTransaction(c -> fences.change(c, account, mode, epoch))
                .await()
                .indefinitely();
    }

    private void learn(AccountId account, String from, String home, long epoch) {
        residencies
                .learn(TestRegions.sign(
                        from,
                        new JsonObject()
                                .put("accountId", account.toString())
                                .put("home", home)
                                .put("epoch", epoch)
                                .put("from", from)
                                .put("at", Instant.now().toString())))
                .await()
                .indefinitely();
    }
}
