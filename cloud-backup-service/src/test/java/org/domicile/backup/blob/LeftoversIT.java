package org.domicile.backup.blob;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.junit.jupiter.api.Test;

/** What a crash can leave, and what has been in the trash for its time, is gone after the sweep; what is wanted stays. */
@QuarkusTest
@TestProfile(LeftoversIT.ShortClocks.class)
class LeftoversIT extends BackupTest {
    public static final class ShortClocks implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "domicile.backup.pending", "1h",
                    "domicile.backup.orphan", "0s",
                    "domicile.backup.trash", "0s",
                    "domicile.backup.sweep", "24h",
                    "domicile.backup.quota", "1000000");
        }
    }

    @Inject
    OrphanSweep sweep;

    @Inject
    TrashPurge trash;

    @Inject
    ObjectStore objects;

    @Test
    void an_object_without_a_row_is_deleted_and_one_with_a_row_stays() {
        var account = consenting();
        upload(account, random(1000));
        putObject(account, UUID.randomUUID());

        sweep.sweep().await().indefinitely();

        assertEquals(1, S3ProxyResource.count(account.id().toString()));
        assertEquals(1, account.count("blobs"));
    }

    @Test
    void an_upload_past_its_clock_is_ended_and_a_younger_one_goes_on() {
        var account = consenting();
        var late = UUID.randomUUID();
        var young = UUID.randomUUID();
        pending(account, late, "2 hours");
        pending(account, young, "1 minute");
        putObject(account, late);
        putObject(account, young);

        sweep.sweep().await().indefinitely();

        assertEquals(1, account.count("uploads"));
        assertEquals(1, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void the_trash_is_gone_after_its_window() {
        var account = consenting();
        var content = random(1000);
        upload(account, content);
        as(account).send("DELETE", "/restic/phone/data/" + sha256(content), null);
        assertEquals(1, S3ProxyResource.count(account.id().toString()));

        trash.purge().await().indefinitely();

        assertEquals(0, account.count("blobs"));
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void a_full_account_is_refused_with_the_numbers_after_a_recount() {
        var account = consenting();
        upload(account, random(600_000));
        account.sql(
                "update usage set bytes = 999999 where account_id = $1",
                Tuple.of(account.id().value()));

        upload(account, random(300_000));
        var content = random(200_000);
        var refused = as(account).send("POST", "/restic/phone/data/" + sha256(content), content);

        assertEquals(507, refused.statusCode());
        var numbers = new io.vertx.core.json.JsonObject(new String(refused.body()));
        assertEquals(900_000, numbers.getLong("usedBytes"));
        assertEquals(1_000_000, numbers.getLong("quotaBytes"));
    }

    private void upload(TestAccount account, byte[] content) {
        assertEquals(
                200, withRepository(account, "phone").status("POST", "/restic/phone/data/" + sha256(content), content));
    }

    private void pending(TestAccount account, UUID generation, String age) {
        account.sql(
                "insert into uploads (account_id, generation, repository, type, name, size, device_id, started_at)"
                        + " values ($1, $2, 'phone', 'data', $3, 5, $4, now() - interval '" + age + "')",
                Tuple.of(
                        account.id().value(),
                        generation,
                        sha256(random(5)),
                        account.device().value()));
    }

    private void putObject(TestAccount account, UUID generation) {
        var content = random(5);
        objects.put(ObjectStore.key(account.id(), generation), content, sha256(content))
                .await()
                .indefinitely();
    }
}
