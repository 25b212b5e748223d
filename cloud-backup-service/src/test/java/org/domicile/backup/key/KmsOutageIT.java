package org.domicile.backup.key;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.RegionKms;
import org.domicile.backup.testing.TestAccount;
import org.domicile.backup.withdrawal.WithdrawalPurge;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The region's key store is away for a while: what its client encrypts goes on, and what the service encrypts is refused and stores nothing. */
@QuarkusTest
class KmsOutageIT extends BackupTest {
    /** Where a write that needs a key would leave something. */
    private static final List<String> WRITTEN =
            List.of("webdav_resources", "webdav_contents", "webdav_uploads", "blobs");

    @Inject
    RegionKms kms;

    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

    @Inject
    WithdrawalPurge withdrawals;

    @AfterEach
    void back() {
        kms.back();
    }

    @Test
    void a_repository_of_restic_is_read_and_written_meanwhile() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var before = random(50_000);
        assertEquals(200, http.status("POST", "/restic/phone/data/" + sha256(before), before));

        kms.away();

        var during = random(50_000);
        assertEquals(200, http.status("POST", "/restic/phone/data/" + sha256(during), during));
        for (var content : List.of(before, during)) {
            assertArrayEquals(
                    content,
                    http.send("GET", "/restic/phone/data/" + sha256(content), null)
                            .body());
        }
        assertEquals(200, http.status("GET", "/restic/phone/data/", null));
        assertEquals(0, count(keys, "wrapped_key", account.id()), "restic needs no key of ours");
    }

    @Test
    void files_are_refused_with_503_and_nothing_is_stored_and_afterwards_all_is_there() {
        var account = consenting();
        var http = dav(account);
        var content = random(100_000);
        assertEquals(201, http.status("MKCOL", "folder", null));
        assertEquals(201, http.put("folder/file", content));
        var before = rows(account.id());

        kms.away();

        refused(http.send("PUT", "folder/other", content));
        refused(http.send("PUT", "folder/file", random(10)));
        refused(http.send("GET", "folder/file", null));
        refused(http.send("MKCOL", "another", null));
        refused(http.send("DELETE", "folder/file", null));
        assertEquals(before, rows(account.id()));

        kms.back();

        assertArrayEquals(content, http.get("folder/file"));
        assertEquals(404, http.status("GET", "folder/other", null));
        assertEquals(201, http.put("folder/other", content));
    }

    @Test
    void an_account_gets_no_key_and_no_row_by_a_first_file() {
        var account = consenting();
        kms.away();

        refused(dav(account).send("PUT", "first", random(1_000)));

        assertTrue(isEmpty(account), () -> "" + rows(account.id()));
        kms.back();
        assertEquals(201, dav(account).put("first", random(1_000)));
    }

    @Test
    void a_withdrawal_is_purged_meanwhile() {
        var account = consenting();
        assertEquals(201, dav(account).put("file", random(1_000)));

        kms.away();
        account.consent(false, Instant.now().minus(Duration.ofDays(400)));
        withdrawals.purge().await().indefinitely();

        assertTrue(isEmpty(account), () -> "" + rows(account.id()));
    }

    private static void refused(HttpResponse<byte[]> answer) {
        var text = new String(answer.body(), StandardCharsets.UTF_8);
        assertEquals(503, answer.statusCode(), text);
        assertEquals("30", answer.headers().firstValue("Retry-After").orElse(""), text);
    }

    private boolean isEmpty(TestAccount account) {
        return rows(account.id()).values().stream().allMatch(count -> count == 0);
    }

    private Map<String, Long> rows(AccountId account) {
        var counts = new TreeMap<String, Long>();
        WRITTEN.forEach(table -> counts.put(table, count(pool, table, account)));
        counts.put("wrapped_key", count(keys, "wrapped_key", account));
        return counts;
    }

    private static long count(Pool in, String table, AccountId account) {
        return in.preparedQuery("select count(*) from " + table + " where account_id = $1")
                .executeAndAwait(Tuple.of(account.value()))
                .iterator()
                .next()
                .getLong(0);
    }
}
