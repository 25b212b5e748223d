package org.domicile.backup.law;

import static io.restassured.RestAssured.given;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.domicile.backup.blob.TrashPurge;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.EagerClocks;
import org.domicile.backup.testing.TestAccount;
import org.domicile.backup.withdrawal.WithdrawalPurge;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;

/** While an account is moved, what the stricter of both ends wants holds for what it stored; XX is stricter, YY is not. */
@QuarkusTest
@TestProfile(EagerClocks.class)
class MoveLawIT extends BackupTest {
    @Inject
    TrashPurge trash;

    @Inject
    WithdrawalPurge withdrawals;

    @Test
    void the_trash_ends_by_the_shorter_window_while_the_account_is_moved_and_not_after() {
        var account = consenting();
        var other = consenting();
        trashed(account, Duration.ofDays(4));
        trashed(other, Duration.ofDays(4));
        assertWindow(account, Duration.ofDays(7));
        moved(other, "YY");
        trash.purge().await().indefinitely();
        assertEquals(1, account.count("blobs"));

        moved(account, "XX", "YY");
        assertWindow(account, Duration.ofDays(3));
        trash.purge().await().indefinitely();
        assertEquals(0, account.count("blobs"));
        assertEquals(1, other.count("blobs"), "both ends let it stay");

        arrived(account);
        trashed(account, Duration.ofDays(4));
        assertWindow(account, Duration.ofDays(7));
        trash.purge().await().indefinitely();
        assertEquals(1, account.count("blobs"));
    }

    @Test
    void a_withdrawn_backup_ends_by_the_shorter_grace_while_the_account_is_moved() {
        var account = consenting();
        withRepository(account, "phone");
        account.consent(false, Instant.now().minus(Duration.ofDays(11)));
        withdrawals.purge().await().indefinitely();
        assertEquals(1, account.count("repositories"), "it has 30 days");

        moved(account, "XX", "YY");
        withdrawals.purge().await().indefinitely();
        assertEquals(0, account.count("repositories"), "it has 10 days");
    }

    @Test
    void a_backup_that_was_withdrawn_before_the_move_ends_on_the_day_that_its_owner_was_told() {
        var account = consenting();
        withRepository(account, "phone");
        var at = Instant.now().minus(Duration.ofDays(11));
        account.withdrawn(at, at.plus(Duration.ofDays(30)));

        moved(account, "XX", "YY");
        withdrawals.purge().await().indefinitely();
        assertEquals(1, account.count("repositories"), "it was told 30 days");

        account.withdrawn(at, at.plus(Duration.ofDays(11)));
        withdrawals.purge().await().indefinitely();
        assertEquals(0, account.count("repositories"));
    }

    private static void moved(TestAccount account, String... laws) {
        account.sql(
                "insert into move_law (account_id, markets) values ($1, $2)",
                Tuple.of(account.id().value(), laws));
    }

    private static void arrived(TestAccount account) {
        account.sql(
                "delete from move_law where account_id = $1",
                Tuple.of(account.id().value()));
    }

    private void trashed(TestAccount account, Duration ago) {
        var content = random(100);
        var path = "/restic/phone/data/" + sha256(content);
        var http = withRepository(account, "phone");
        assertEquals(200, http.status("POST", path, content));
        assertEquals(200, http.status("DELETE", path, null));
        account.sql(
                "update blobs set trashed_at = trashed_at - make_interval(secs => $2) where account_id = $1",
                Tuple.of(account.id().value(), (double) ago.toSeconds()));
    }

    private void assertWindow(TestAccount account, Duration window) {
        get(account, "/v1/me/usage").body("trashWindow", equalTo((float) window.toSeconds()));
        get(account, "/v1/me/repositories/phone/trash").body("window", equalTo((float) window.toSeconds()));
    }

    private ValidatableResponse get(TestAccount account, String path) {
        return given().auth()
                .oauth2(TestTokens.owner(account.id()))
                .get(base.resolve(path))
                .then()
                .statusCode(200);
    }
}
