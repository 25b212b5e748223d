package org.domicile.backup.restic;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.consent.ConsentChanged;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ResticProtocolIT extends BackupTest {
    @Inject
    Event<ConsentChanged> consentChanged;

    @Test
    void nothing_is_stored_before_consent() {
        var account = TestAccount.open(pool);
        var content = random(100_000);

        var created = as(account).send("POST", "/restic/phone/?create=true", null);
        var stored = as(account).send("POST", "/restic/phone/data/" + sha256(content), content);

        assertEquals(403, created.statusCode());
        assertEquals(403, stored.statusCode());
        assertEquals(
                "https://domicile.dev/errors/consent-required",
                new JsonObject(new String(stored.body())).getString("type"));
        assertEquals(
                0,
                account.count("repositories")
                        + account.count("blobs")
                        + account.count("uploads")
                        + account.count("device_use"));
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void that_a_device_was_let_in_is_noted_with_consent_only_and_forgotten_with_it() {
        var account = TestAccount.open(pool);
        assertEquals(403, as(account).status("POST", "/restic/phone/?create=true", null));
        account.consenting();
        Wait.until("the use noted", () -> {
            as(account).status("POST", "/restic/phone/?create=true", null);
            return account.count("device_use") == 1;
        });

        account.consent(false);
        consentChanged.fireAsync(new ConsentChanged(account.id(), Set.of()));
        Wait.until("the use forgotten", () -> account.count("device_use") == 0);
        assertEquals(403, as(account).status("POST", "/restic/other/?create=true", null));
        assertEquals(0, account.count("device_use"));
    }

    @Test
    void a_blob_comes_back_as_it_was_sent_whole_and_in_parts() {
        var http = withRepository(consenting(), "phone");
        var content = random(3_000_001);
        var path = "/restic/phone/data/" + sha256(content);

        assertEquals(200, http.status("POST", path, content));

        assertArrayEquals(content, http.send("GET", path, null).body());
        var part = http.send("GET", path, null, "Range", "bytes=1000-1999999");
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(content, 1000, 2_000_000), part.body());
        assertArrayEquals(
                Arrays.copyOfRange(content, 2_999_999, 3_000_001),
                http.send("GET", path, null, "Range", "bytes=-2").body());
        assertEquals(416, http.status("GET", path, null, "Range", "bytes=3000001-"));
        var head = http.send("HEAD", path, null);
        assertEquals(200, head.statusCode());
        assertEquals(
                3_000_001, head.headers().firstValueAsLong("Content-Length").orElse(-1));
    }

    @Test
    void an_empty_blob_is_a_blob() {
        var http = withRepository(consenting(), "phone");
        var path = "/restic/phone/data/" + sha256(new byte[0]);

        assertEquals(200, http.status("POST", path, new byte[0], "Content-Type", "application/octet-stream"));
        assertEquals(0, http.send("GET", path, null).body().length);
    }

    @Test
    void lists_have_the_media_type_of_their_version() {
        var http = withRepository(consenting(), "phone");
        var content = random(77);
        http.send("POST", "/restic/phone/keys/" + sha256(content), content);

        var v1 = http.send("GET", "/restic/phone/keys/", null);
        var v2 = http.send("GET", "/restic/phone/keys/", null, "Accept", "application/vnd.x.restic.rest.v2");

        assertEquals(
                "application/vnd.x.restic.rest.v1",
                v1.headers().firstValue("Content-Type").orElse(""));
        assertEquals(new JsonArray().add(sha256(content)), new JsonArray(new String(v1.body())));
        assertEquals(
                "application/vnd.x.restic.rest.v2",
                v2.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                new JsonArray()
                        .add(new JsonObject().put("name", sha256(content)).put("size", 77)),
                new JsonArray(new String(v2.body())));
        assertEquals(
                "[]", new String(http.send("GET", "/restic/phone/locks/", null).body()));
    }

    @Test
    void a_long_list_is_whole_in_both_versions() {
        var account = consenting();
        var http = withRepository(account, "phone");
        account.sql(
                "insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256, state, stored_at,"
                        + " generation) select $1, gen_random_uuid(), 1, 'phone', 'data', encode(sha256(i::text::bytea),"
                        + " 'hex'), i, encode(sha256(i::text::bytea), 'hex'), 'LIVE', now(), gen_random_uuid()"
                        + " from generate_series(1, 15000) i",
                Tuple.of(account.id().value()));

        var v1 = new JsonArray(
                new String(http.send("GET", "/restic/phone/data/", null).body()));
        var v2 = new JsonArray(
                new String(http.send("GET", "/restic/phone/data/", null, "Accept", "application/vnd.x.restic.rest.v2")
                        .body()));

        assertEquals(15_000, Set.copyOf(v1.getList()).size());
        assertEquals(15_000, v2.size());
        assertEquals(
                15_000L * 15_001 / 2,
                v2.stream().mapToLong(e -> ((JsonObject) e).getLong("size")).sum());
    }

    @Test
    void answers_carry_the_epoch_of_the_account() {
        var http = withRepository(consenting(), "phone");

        for (var path : new String[] {"/restic/phone/keys/", "/restic/phone/config"}) {
            assertEquals(
                    "1",
                    http.send("GET", path, null)
                            .headers()
                            .firstValue("Domicile-Epoch")
                            .orElse(""));
        }
    }

    @Test
    void a_wrong_hash_is_refused_and_leaves_nothing() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(2_000_000);

        var answer = http.send("POST", "/restic/phone/data/" + sha256(random(5)), content);

        assertEquals(400, answer.statusCode());
        assertEquals(
                "https://domicile.dev/errors/hash-mismatch",
                new JsonObject(new String(answer.body())).getString("type"));
        assertNothingStored(account);
    }

    @Test
    void a_body_that_is_cut_off_leaves_nothing() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(2_000_000);

        http.cutOff("/restic/phone/data/" + sha256(content), content.length, Arrays.copyOf(content, 1_500_000));

        assertNothingStored(account);
        assertEquals(200, http.status("POST", "/restic/phone/data/" + sha256(content), content));
    }

    @Test
    void a_body_that_is_longer_than_declared_is_cut_at_its_length() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(200_000);

        var answer = http.cutOff("/restic/phone/data/" + sha256(content), 150_000, content);

        assertFalse(answer.startsWith("HTTP/1.1 200"), answer);
        assertNothingStored(account);
    }

    @Test
    void an_identical_upload_is_a_success_and_stored_once() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(1_000_000);
        var path = "/restic/phone/data/" + sha256(content);

        assertEquals(200, http.status("POST", path, content));
        assertEquals(200, http.status("POST", path, content));
        assertEquals(400, http.status("POST", path, random(1_000_000)));

        assertEquals(1, account.count("blobs"));
        assertArrayEquals(content, http.send("GET", path, null).body());
    }

    @Test
    void concurrent_uploads_of_one_name_leave_one_good_blob() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(1_000_000);
        var path = "/restic/phone/data/" + sha256(content);

        var statuses = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> http.status("POST", path, content)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertTrue(statuses.stream().allMatch(status -> status == 200), statuses.toString());
        assertEquals(1, account.count("blobs"));
        assertEquals(0, account.pending());
        assertEquals(1, S3ProxyResource.count(account.id().toString()));
    }

    @Test
    void a_configuration_is_never_replaced_by_another() {
        var http = withRepository(consenting(), "phone");

        assertEquals(404, http.status("HEAD", "/restic/phone/config", null));
        assertEquals(200, http.status("POST", "/restic/phone/config", "one".getBytes()));
        assertEquals(200, http.status("POST", "/restic/phone/config", "one".getBytes()));
        assertEquals(409, http.status("POST", "/restic/phone/config", "two".getBytes()));
        assertEquals(
                "one", new String(http.send("GET", "/restic/phone/config", null).body()));
    }

    @Test
    void an_append_only_device_deletes_nothing_but_locks() {
        var account = consenting();
        var http = new ResticHttp(base, account.basic(account.appendOnly()));
        http.send("POST", "/restic/phone/?create=true", null);
        var content = random(1000);
        http.send("POST", "/restic/phone/data/" + sha256(content), content);
        http.send("POST", "/restic/phone/locks/" + sha256(content), content);

        assertEquals(403, http.status("DELETE", "/restic/phone/data/" + sha256(content), null));
        assertEquals(403, http.status("DELETE", "/restic/phone/", null));
        assertEquals(200, http.status("DELETE", "/restic/phone/locks/" + sha256(content), null));
        assertEquals(200, http.status("POST", "/restic/phone/data/" + sha256(content), content));
    }

    @Test
    void what_a_client_deletes_goes_to_the_trash_and_frees_room() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(1000);
        var path = "/restic/phone/data/" + sha256(content);
        http.send("POST", path, content);

        assertEquals(200, http.status("DELETE", path, null));

        assertEquals(404, http.status("GET", path, null));
        assertEquals(404, http.status("DELETE", path, null));
        assertEquals(1, account.count("blobs"));
        assertEquals(200, http.status("POST", path, content));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/restic/%2e%2e/config",
                "/restic/a%2fb/config",
                "/restic/.hidden/config",
                "/restic/a/data/..%2f..%2fconfig",
                "/restic/a/data/0123"
            })
    void tricks_with_paths_are_refused(String path) {
        assertTrue(Set.of(400, 404).contains(as(consenting()).status("GET", path, null)));
    }

    /** Each is refused by its head alone: no body is sent. */
    @ParameterizedTest
    @CsvSource({
        "POST data/HASH, Transfer-Encoding: chunked, 411",
        "POST config, Transfer-Encoding: chunked, 411",
        "POST data/HASH, Content-Length: 1073741825, 413",
        "POST config, Content-Length: 65537, 413",
        "PUT data/HASH, Content-Length: 1, 405",
        "PATCH config, Content-Length: 1, 405",
        "POST data/, Content-Length: 1, 405",
        "DELETE data/, Accept: */*, 405",
        "GET, Accept: */*, 405"
    })
    void what_the_protocol_does_not_know_is_refused_and_leaves_nothing(String request, String header, int status) {
        var account = consenting();
        var http = withRepository(account, "phone");
        var words = request.replace("HASH", sha256(random(5))).split(" ", 2);
        var path = "/restic/phone/" + (words.length == 2 ? words[1] : "");

        try (var open = http.open(words[0] + " " + path, header)) {
            assertEquals(status, open.status());
        }

        assertNothingStored(account);
    }

    @Test
    void a_client_that_asks_first_is_told_to_go_on_only_if_its_upload_will_be_read() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var content = random(100_000);
        var request = "POST /restic/phone/data/" + sha256(content);
        var length = "Content-Length: " + content.length;

        try (var upload = http.open(request, length, "Expect: 100-continue")) {
            assertEquals(100, upload.status());
            upload.send(content);
            assertEquals(200, upload.status());
        }
        account.consent(false);
        try (var upload = http.open("POST /restic/phone/data/" + sha256(random(5)), length, "Expect: 100-continue")) {
            assertEquals(403, upload.status());
        }
        assertEquals(1, account.count("blobs"));
    }

    @Test
    void a_configuration_is_deleted_into_the_trash_and_by_no_append_only_device() {
        var account = consenting();
        var http = withRepository(account, "phone");
        http.send("POST", "/restic/phone/config", "one".getBytes());

        assertEquals(403, as(account, account.appendOnly()).status("DELETE", "/restic/phone/config", null));
        assertEquals(200, http.status("HEAD", "/restic/phone/config", null));
        assertEquals(200, http.status("DELETE", "/restic/phone/config", null));

        assertEquals(404, http.status("HEAD", "/restic/phone/config", null));
        assertEquals(404, http.status("DELETE", "/restic/phone/config", null));
        assertEquals(1, account.count("blobs"));
        assertEquals(200, http.status("POST", "/restic/phone/config", "two".getBytes()));
    }

    @Test
    void a_revoked_device_is_refused() {
        var account = consenting();
        var content = random(1000);
        var path = "/restic/phone/data/" + sha256(content);
        withRepository(account, "phone").send("POST", path, content);
        account.revoke(account.device());

        for (var method : List.of("GET", "HEAD", "POST", "DELETE")) {
            assertEquals(401, as(account).status(method, path, method.equals("POST") ? content : null), method);
        }
        assertEquals(200, as(account, account.second()).status("HEAD", path, null));
    }

    @Test
    void a_wrong_secret_and_no_credential_are_refused_with_a_challenge() {
        var account = consenting();
        var wrong = new ResticHttp(
                base,
                "Basic " + java.util.Base64.getEncoder().encodeToString((account.device() + ":wrong").getBytes()));

        var answer = wrong.send("GET", "/restic/phone/config", null);

        assertEquals(401, answer.statusCode());
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent());
        assertEquals(401, new ResticHttp(base, "Bearer x").status("GET", "/restic/phone/config", null));
    }

    @Test
    void accounts_do_not_see_each_other() {
        withRepository(consenting(), "phone");

        assertEquals(404, as(consenting()).status("GET", "/restic/phone/keys/", null));
    }

    private void assertNothingStored(TestAccount account) {
        org.awaitility.Awaitility.await().untilAsserted(() -> {
            assertEquals(0, account.count("blobs") + account.pending());
            assertEquals(0, S3ProxyResource.count(account.id().toString()));
        });
    }
}
