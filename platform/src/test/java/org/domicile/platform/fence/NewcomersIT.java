package org.domicile.platform.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;
import org.domicile.platform.testing.TestRegions;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class NewcomersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    NoteApplication application;

    @Inject
    Newcomers newcomers;

    @Inject
    Fence fence;

    @Inject
    Residencies residencies;

    @Inject
    Pool pool;

    @Test
    void a_newcomer_of_another_region_is_waited_for() {
        var account = AccountId.create();
        var known = newcomers.known(account).subscribeAsCompletionStage();
        assertFalse(known.isDone());
        residencies
                .learn(TestRegions.sign(
                        TestRegions.SG,
                        new JsonObject()
                                .put("accountId", account.toString())
                                .put("home", TestRegions.SG)
                                .put("epoch", 1)
                                .put("from", TestRegions.SG)
                                .put("at", Instant.now().toString())))
                .await()
                .atMost(PATIENCE);
        known.join();
        assertEquals(
                TestRegions.SG,
                residencies
                        .elsewhere(account)
                        .await()
                        .atMost(PATIENCE)
                        .map(Residency::home)
                        .orElse(null));
    }

    @Test
    void a_newcomer_of_this_region_is_waited_for() {
        var account = AccountId.create();
        var known = newcomers.known(account).subscribeAsCompletionStage();
        assertFalse(known.isDone());
        pool.withTransaction(c -> fence.open(c, account)).await().atMost(PATIENCE);
        known.join();
    }

    @Test
    void who_never_comes_is_not_waited_for_without_end() {
        newcomers.known(AccountId.create()).await().atMost(PATIENCE);
    }

    @Test
    void who_is_known_is_not_waited_for() {
        newcomers.known(application.opened()).await().atMost(PATIENCE);
    }

    @Test
    void an_id_that_was_made_long_ago_is_no_newcomer() {
        assertTrue(isAtOnce(madeAt(Instant.now().minus(Duration.ofDays(1)))));
        assertTrue(isAtOnce(madeAt(Instant.now().plus(Duration.ofDays(1)))));
        assertTrue(isAtOnce(new AccountId(UUID.randomUUID())));
        assertFalse(isAtOnce(madeAt(Instant.now().minus(Duration.ofMinutes(61)))), "a clock may be an hour wrong");
    }

    private boolean isAtOnce(AccountId account) {
        return newcomers.known(account).subscribeAsCompletionStage().isDone();
    }

    private static AccountId madeAt(Instant time) {
        var random = UUID.randomUUID();
        var version = 7L << 12;
        return new AccountId(new UUID(
                time.toEpochMilli() << Short.SIZE | version | random.getMostSignificantBits() & 0xfff,
                random.getLeastSignificantBits()));
    }
}
