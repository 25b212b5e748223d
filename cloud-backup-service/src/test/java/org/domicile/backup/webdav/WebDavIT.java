package org.domicile.backup.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.domicile.backup.blob.OrphanSweep;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.participant.BackupParticipant;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.DavHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.backup.withdrawal.WithdrawalPurge;
import org.domicile.platform.testing.TestTokens;
import org.domicile.platform.verify.Inventory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class WebDavIT extends BackupTest {
    @Inject
    BackupParticipant participant;

    @Inject
    OrphanSweep sweep;

    @Inject
    DataKeys keys;

    @Inject
    WithdrawalPurge withdrawals;

    @Test
    void nothing_is_stored_before_consent() {
        var account = TestAccount.open(pool);
        var http = dav(account);

        var put = http.send("PUT", "file", random(1000));

        assertEquals(403, put.statusCode());
        assertTrue(new String(put.body(), UTF_8).contains("errors/consent-required"));
        assertEquals(403, http.status("MKCOL", "folder", null));
        assertNothingStored(account);
        assertTrue(http.find("", "1").startsWith("207"));
    }

    @Test
    void everybody_is_told_that_only_an_encrypting_client_makes_it_owner_only() {
        var answer = new DavHttp(base, "").send("OPTIONS", "", null);

        assertEquals(200, answer.statusCode());
        assertEquals("1", answer.headers().firstValue("DAV").orElse(""));
        assertTrue(new String(answer.body(), UTF_8).contains("not readable by you alone"));
    }

    @Test
    void a_file_comes_back_as_it_was_sent_whole_and_in_ranges() {
        var http = dav(consenting());
        var content = random(9_000_001);

        assertEquals(201, http.put("file", content));

        assertArrayEquals(content, http.get("file"));
        for (var range : new int[][] {
            {0, 1},
            {65_470, 65_490},
            {65_480, 65_481},
            {100, 1_048_576},
            {1_048_575, 1_048_577},
            {8_388_608, 9_000_001},
            {4_194_304, 8_388_608},
            {8_999_999, 9_000_001},
            {131_000, 131_001}
        }) {
            var part = http.send("GET", "file", null, "Range", "bytes=" + range[0] + "-" + (range[1] - 1));
            assertEquals(206, part.statusCode());
            assertArrayEquals(Arrays.copyOfRange(content, range[0], range[1]), part.body(), Arrays.toString(range));
        }
        assertEquals(2, http.send("GET", "file", null, "Range", "bytes=-2").body().length);
        assertEquals(416, http.status("GET", "file", null, "Range", "bytes=9000001-"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_480, 65_481, 131_000, 1_048_575, 1_048_576, 1_048_577, 4_194_305})
    void a_body_without_length_is_stored_whole_at_every_size(int size) {
        var account = consenting();
        var http = dav(account);
        var content = random(size);

        assertEquals(201, http.chunked("file", content).statusCode());

        assertArrayEquals(content, http.get("file"));
        assertEquals(
                size,
                http.send("HEAD", "file", null)
                        .headers()
                        .firstValueAsLong("Content-Length")
                        .orElse(-1));
        assertEquals(size, used(account));
        assertEquals(0, account.count("webdav_uploads"));
    }

    @Test
    void a_body_that_breaks_off_leaves_nothing() {
        var account = consenting();
        var http = dav(account);
        var content = random(5_000_000);
        http.put("kept", "old".getBytes(UTF_8));

        http.raw("PUT", "file", "Content-Length: 5000000\r\n", Arrays.copyOf(content, 4_900_000));
        http.raw("PUT", "file", "Transfer-Encoding: chunked\r\n", chunk(content));
        http.raw("PUT", "kept", "Transfer-Encoding: chunked\r\n", chunk(content));

        Awaitility.await().untilAsserted(() -> {
            assertEquals(0, account.count("webdav_uploads"));
            assertEquals(1, account.count("webdav_contents"));
            assertEquals(1, S3ProxyResource.count("webdav/" + account.id()));
        });
        assertEquals(404, http.status("GET", "file", null));
        assertEquals("old", new String(http.get("kept"), UTF_8));
        assertEquals(3, used(account));
    }

    @Test
    void what_is_stored_is_neither_the_content_nor_the_name() throws IOException {
        var account = consenting();
        var http = dav(account);
        var text = "the quick brown fox ".repeat(1000);
        http.put("diary-of-ann.txt", text.getBytes(UTF_8));

        try (var files = Files.walk(S3ProxyResource.objects())) {
            var stored = files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("webdav/" + account.id()))
                    .toList();
            assertEquals(1, stored.size());
            assertFalse(new String(Files.readAllBytes(stored.getFirst()), UTF_8).contains("quick brown"));
        }
        var row = pool.preparedQuery("select r::text as row from webdav_resources r where account_id = $1")
                .execute(Tuple.of(account.id().value()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getString("row");
        assertFalse(row.contains("diary"), row);
        assertEquals(1, keys.count(account.id()).await().indefinitely());
    }

    @Test
    void parts_that_change_places_in_the_store_are_never_handed_out() throws IOException {
        var account = consenting();
        var http = dav(account);
        http.put("one", random(200_000));
        http.put("two", random(200_000));
        var stored = objectsOf(account);
        var other = Files.readAllBytes(stored.get(1));
        Files.write(stored.get(0), other);

        var whole = 0;
        var brokenOff = 0;
        for (var name : new String[] {"one", "two"}) {
            try {
                assertEquals(200_000, http.get(name).length);
                whole++;
            } catch (UncheckedIOException cut) {
                brokenOff++;
            }
        }

        assertEquals(1, whole);
        assertEquals(1, brokenOff);
    }

    @Test
    void collections_answer_as_the_standard_says() {
        var http = dav(consenting());

        assertEquals(201, http.status("MKCOL", "a", null));
        assertEquals(405, http.status("MKCOL", "a", null));
        assertEquals(405, http.status("MKCOL", "", null));
        assertEquals(409, http.status("MKCOL", "b/c", null));
        assertEquals(409, http.put("b/file", new byte[1]));
        assertEquals(415, http.status("MKCOL", "d", "<x/>".getBytes(UTF_8), "Content-Type", "application/xml"));
        assertEquals(405, http.put("a", new byte[1]));
        http.put("file", new byte[1]);
        assertEquals(405, http.status("MKCOL", "file", null));
        assertEquals(409, http.status("MKCOL", "file/under", null));
        assertEquals(200, http.status("HEAD", "a", null));
        assertEquals(200, http.status("HEAD", "a/", null));
        assertEquals(404, http.status("HEAD", "nothing", null));
        assertEquals(403, http.status("DELETE", "", null));
        assertEquals(405, http.status("LOCK", "a", null));
    }

    @Test
    void properties_are_found_at_every_depth() {
        var account = consenting();
        var http = dav(account);
        http.send("MKCOL", "a", null);
        http.send("MKCOL", "a/b", null);
        http.put("a/one", random(11));
        http.put("a/b/two", random(22));

        var zero = http.find("a", "0", "getcontentlength", "quota-available-bytes", "quota-used-bytes");
        var one = http.find("a", "1", "getcontentlength");
        var all = http.find("a", "infinity", "getcontentlength");

        assertTrue(zero.contains("<D:quota-used-bytes>33</D:quota-used-bytes>"), zero);
        assertTrue(zero.contains("<D:quota-available-bytes>"), zero);
        assertEquals(1, zero.split("<D:response>", -1).length - 1);
        assertEquals(3, one.split("<D:response>", -1).length - 1);
        assertTrue(one.contains("<D:getcontentlength>11</D:getcontentlength>"), one);
        assertEquals(4, all.split("<D:response>", -1).length - 1);
        assertTrue(all.contains("<D:href>/dav/a/b/two</D:href>"), all);
        assertTrue(http.find("nothing", "1").startsWith("404"));
        assertTrue(http.find("a", "2").startsWith("400"));
    }

    @Test
    void a_collection_of_many_pages_is_listed_whole() {
        var account = consenting();
        var http = dav(account);
        http.send("MKCOL", "many", null);
        IntStream.range(0, 8)
                .mapToObj(t -> CompletableFuture.runAsync(
                        () -> IntStream.range(0, 140).forEach(i -> http.send("MKCOL", "many/" + t + "-" + i, null))))
                .toList()
                .forEach(CompletableFuture::join);

        var listed = http.find("many", "infinity", "resourcetype");

        assertEquals(1121, listed.split("<D:response>", -1).length - 1);
        assertTrue(listed.endsWith("</D:multistatus>\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><propfind"
                        + " xmlns=\"DAV:\"><prop><a>&e;</a></prop></propfind>",
                "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><propfind"
                        + " xmlns=\"DAV:\"><prop><a>&b;</a></prop></propfind>",
                "<!DOCTYPE propfind SYSTEM \"http://127.0.0.1:1/x.dtd\"><propfind xmlns=\"DAV:\"><allprop/></propfind>",
                "<propfind xmlns=\"DAV:\"><allprop></propfind>",
                "<propfind xmlns=\"DAV:\"/>",
                "<other xmlns=\"DAV:\"/>"
            })
    void entities_and_broken_xml_are_refused(String body) {
        var http = dav(consenting());

        assertEquals(400, http.status("PROPFIND", "", body.getBytes(UTF_8), "Depth", "0"));
        assertEquals(400, http.status("PROPPATCH", "", body.getBytes(UTF_8)));
    }

    @Test
    void deep_and_large_xml_is_refused() {
        var http = dav(consenting());
        var deep = "<propfind xmlns=\"DAV:\"><prop>" + "<a>".repeat(100) + "</a>".repeat(100) + "</prop></propfind>";

        assertEquals(400, http.status("PROPFIND", "", deep.getBytes(UTF_8), "Depth", "0"));
        assertEquals(413, http.status("PROPFIND", "", new byte[300 << 10], "Depth", "0"));
    }

    @Test
    void a_patch_of_properties_is_done_whole_or_not_at_all() {
        var http = dav(consenting());
        http.put("file", new byte[3]);
        var patch = "<propertyupdate xmlns=\"DAV:\""
                + " xmlns:z=\"urn:z\"><set><prop><z:one>1</z:one><getetag>x</getetag></prop>"
                + "</set></propertyupdate>";

        var refused =
                new String(http.send("PROPPATCH", "file", patch.getBytes(UTF_8)).body(), UTF_8);
        var done = new String(
                http.send(
                                "PROPPATCH",
                                "file",
                                patch.replace("<getetag>x</getetag>", "").getBytes(UTF_8))
                        .body(),
                UTF_8);

        assertTrue(refused.contains("403 Forbidden") && refused.contains("424 Failed Dependency"), refused);
        assertTrue(done.contains("200 OK"), done);
        assertTrue(http.find("file", "0").contains("<x:one xmlns:x=\"urn:z\">1</x:one>"));
        http.put("file", new byte[4]);
        http.send("COPY", "file", null, "Destination", http.address("copy"));
        assertTrue(http.find("copy", "0").contains("<x:one xmlns:x=\"urn:z\">1</x:one>"));
    }

    @Test
    void conditions_are_kept() {
        var http = dav(consenting());
        var first = http.send("PUT", "file", "one".getBytes(UTF_8), "If-None-Match", "*");
        var tag = first.headers().firstValue("ETag").orElseThrow();

        assertEquals(412, http.status("PUT", "file", "two".getBytes(UTF_8), "If-None-Match", "*"));
        assertEquals(304, http.status("GET", "file", null, "If-None-Match", tag));
        assertEquals(412, http.status("PUT", "file", "two".getBytes(UTF_8), "If-Match", "\"other\""));
        assertEquals(412, http.status("DELETE", "file", null, "If", "([\"other\"])"));
        assertEquals(412, http.status("DELETE", "file", null, "If", "(<opaquelocktoken:x>)"));
        assertEquals(400, http.status("DELETE", "file", null, "If", "([\"other\""));
        var second = http.send("PUT", "file", "two".getBytes(UTF_8), "If-Match", tag);
        assertEquals(204, second.statusCode());
        assertNotEquals(tag, second.headers().firstValue("ETag").orElseThrow());
        assertEquals(200, http.status("GET", "file", null, "Range", "bytes=0-0", "If-Range", tag));
        assertEquals(204, http.status("DELETE", "file", null, "If", "(Not <DAV:no-lock>)"));
    }

    @Test
    void copies_and_moves_ask_before_they_overwrite() {
        var account = consenting();
        var http = dav(account);
        http.send("MKCOL", "a", null);
        http.put("a/file", "content".getBytes(UTF_8));
        http.put("b", "other".getBytes(UTF_8));

        assertEquals(201, http.status("COPY", "a", null, "Destination", http.address("c")));
        assertEquals(412, http.status("COPY", "a", null, "Destination", http.address("c"), "Overwrite", "F"));
        assertEquals(204, http.status("COPY", "b", null, "Destination", http.address("c")));
        assertEquals(201, http.status("MOVE", "a", null, "Destination", http.address("d")));
        assertEquals(404, http.status("GET", "a/file", null));
        assertEquals("content", new String(http.get("d/file"), UTF_8));
        assertEquals(403, http.status("MOVE", "d", null, "Destination", http.address("d/e")));
        assertEquals(409, http.status("MOVE", "d", null, "Destination", http.address("x/y")));
        assertEquals(403, http.status("MOVE", "d", null, "Destination", "/elsewhere"));
        assertEquals("other", new String(http.get("c"), UTF_8));
        assertEquals(12, used(account));
    }

    @Test
    void nothing_overwrites_a_repository_folder() {
        var http = dav(consenting());
        http.send("MKCOL", "backups", null);
        http.send("MKCOL", "backups/phone", null);
        http.send("MKCOL", "backups/phone/keys", null);
        http.put("backups/phone/config", random(100));
        http.send("MKCOL", "other", null);
        http.put("file", random(1));

        for (var source : new String[] {"other", "file"}) {
            for (var destination : new String[] {"backups", "backups/phone"}) {
                for (var method : new String[] {"MOVE", "COPY"}) {
                    assertEquals(
                            412,
                            http.status(
                                    method, source, null, "Destination", http.address(destination), "Overwrite", "T"),
                            method + " " + source + " " + destination);
                }
            }
        }
        assertEquals(100, http.get("backups/phone/config").length);
    }

    @Test
    void an_append_only_device_adds_but_neither_replaces_nor_removes() {
        var account = consenting();
        var http = new DavHttp(base, account.basic(account.appendOnly()));
        http.put("file", "one".getBytes(UTF_8));

        assertEquals(201, http.status("MKCOL", "folder", null));
        assertEquals(403, http.put("file", "two".getBytes(UTF_8)));
        assertEquals(403, http.status("DELETE", "file", null));
        assertEquals(403, http.status("MOVE", "file", null, "Destination", http.address("moved")));
        assertEquals(403, http.status("COPY", "folder", null, "Destination", http.address("file")));
        assertEquals("one", new String(http.get("file"), UTF_8));
        assertEquals(0, account.count("webdav_uploads"));
    }

    @Test
    void the_quota_is_kept_with_and_without_a_length() {
        var account = consenting();
        var http = dav(account);
        account.sql(
                "insert into webdav_uploads (account_id, generation, size, device_id, started_at)"
                        + " values ($1, gen_random_uuid(), 10737418240 - 5000000, 'x', now())",
                Tuple.of(account.id().value()));
        account.sql(
                "insert into usage (account_id, bytes) values ($1, 10737418240 - 5000000)",
                Tuple.of(account.id().value()));

        var declared = http.send("PUT", "large", random(6_000_000));
        var undeclared = http.chunked("large", random(6_000_000));

        assertEquals(507, declared.statusCode());
        assertEquals(6_000_000, new JsonObject(new String(declared.body(), UTF_8)).getLong("requestedBytes"));
        assertEquals(507, undeclared.statusCode());
        assertEquals(201, http.chunked("small", random(4_000_000)).statusCode());
        assertEquals(1, account.count("webdav_uploads"));
        assertEquals(4, S3ProxyResource.count("webdav/" + account.id()));
    }

    @Test
    void what_is_deleted_frees_room_at_once_and_is_gone_for_good_after_the_trash_window() {
        var account = consenting();
        var http = dav(account);
        http.send("MKCOL", "a", null);
        http.put("a/file", random(1000));
        http.put("a/file", random(2000));
        http.send("COPY", "a/file", null, "Destination", http.address("copy"));
        assertEquals(2000, used(account));

        http.send("DELETE", "a", null);

        assertEquals(2000, used(account));
        http.send("DELETE", "copy", null);
        assertEquals(0, used(account));
        assertEquals(2, account.count("webdav_contents"));
    }

    @Test
    void an_owner_sees_what_is_stored_and_who_can_read_it() {
        var account = consenting();
        var http = dav(account);
        http.put("kept", random(1000));
        http.put("gone", random(50));
        http.send("DELETE", "gone", null);

        var webdav = new JsonObject(owner(account, "GET", "/v1/me/repositories", 200)).getJsonObject("webdav");

        assertEquals(1, webdav.getLong("files"));
        assertEquals(1000, webdav.getLong("bytes"));
        assertEquals(50, webdav.getLong("trashBytes"));
        assertTrue(webdav.getString("notice").contains("Only a client that encrypts by itself"));
        assertTrue(webdav.getInstant("nextPurge").isAfter(webdav.getInstant("lastStored")));
    }

    @Test
    void an_owner_brings_back_what_a_client_deleted_or_replaced() {
        var account = consenting();
        var http = dav(account);
        http.send("MKCOL", "a", null);
        http.send("MKCOL", "a/b", null);
        http.put("a/b/file", "first".getBytes(UTF_8));
        http.put("a/b/file", "second".getBytes(UTF_8));
        http.send("DELETE", "a", null);
        http.send("MKCOL", "a", null);

        var trash = new JsonObject(owner(account, "GET", "/v1/me/webdav/trash", 200)).getJsonArray("trash");
        assertEquals(2, trash.size());
        assertEquals("a", trash.getJsonObject(0).getString("name"));
        assertEquals(6, trash.getJsonObject(0).getLong("bytes"));
        var tree = restored(account, trash.getJsonObject(0));
        var file = restored(account, trash.getJsonObject(1));

        assertEquals("/dav/a." + trash.getJsonObject(0).getString("id") + "/", tree);
        assertEquals("second", new String(http.get(tree.substring("/dav/".length()) + "b/file"), UTF_8));
        assertEquals("/dav/file", file);
        assertEquals("first", new String(http.get("file"), UTF_8));
        assertEquals(11, used(account));
        owner(account, "POST", "/v1/me/webdav/trash/" + trash.getJsonObject(1).getString("id") + "/restore", 404);
    }

    private String restored(TestAccount account, JsonObject trashed) {
        var path = "/v1/me/webdav/trash/" + trashed.getString("id") + "/restore";
        return new JsonObject(owner(account, "POST", path, 200)).getString("path");
    }

    private String owner(TestAccount account, String method, String path, int status) {
        return RestAssured.given()
                .auth()
                .oauth2(TestTokens.owner(account.id()))
                .request(method, base.resolve(path))
                .then()
                .statusCode(status)
                .extract()
                .asString();
    }

    @Test
    void concurrent_uploads_of_one_name_leave_one_file() {
        var account = consenting();
        var http = dav(account);
        var content = random(300_000);

        var statuses = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> http.put("file", content)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertTrue(statuses.stream().allMatch(status -> status == 201 || status == 204), statuses.toString());
        assertEquals(1, statuses.stream().filter(status -> status == 201).count());
        assertArrayEquals(content, http.get("file"));
        assertEquals(2, http.find("", "1").split("<D:response>", -1).length - 1);
        assertEquals(300_000, used(account));
    }

    @Test
    void a_purge_leaves_neither_rows_nor_objects_nor_the_key() {
        var account = consenting();
        var http = dav(account);
        http.send("MKCOL", "a", null);
        http.put("a/file", random(5_000_000));
        http.put("a/file", random(10));

        assertTrue(places(account).get("objects webdav/") > 0, "the store itself is asked");
        for (var recordClass : participant.classes()) {
            recordClass.purge(account.id()).await().indefinitely();
            var left = recordClass.remains(account.id()).await().indefinitely();
            assertEquals(0, left.rows() + left.objects(), recordClass.name());
        }
        pool.withTransaction(c -> participant.purged(c, account.id())).await().indefinitely();

        assertNothingStored(account);
        assertEquals(0, places(account).get("objects webdav/"));
    }

    private java.util.SortedMap<String, Long> places(TestAccount account) {
        return participant.enumerate(account.id()).await().indefinitely();
    }

    @Test
    void the_verifier_sees_what_is_said_of_an_object_and_what_the_store_has_of_it() throws IOException {
        var account = consenting();
        var http = dav(account);
        http.put("one", random(3_000_000));
        http.put("two", random(10));
        var before = inventory(account);
        assertEquals(before, inventory(account));

        Files.delete(objectsOf(account).getFirst());

        var after = inventory(account);
        assertEquals(before.getJsonObject("webdav-resources"), after.getJsonObject("webdav-resources"));
        assertNotEquals(before.getJsonObject("webdav-contents"), after.getJsonObject("webdav-contents"));
        assertEquals(2, after.getJsonObject("webdav-contents").getLong("count"));
    }

    /** Class → count and digest, by code that neither copies nor purges. */
    private JsonObject inventory(TestAccount account) {
        return pool.withTransaction(c -> Inventory.snapshot(c)
                        .flatMap(v -> Inventory.take(c, account.id(), 0, new byte[32], participant.inventory())))
                .map(inventory -> inventory.question(Long.MAX_VALUE).getJsonObject("classes"))
                .await()
                .indefinitely();
    }

    @Test
    void after_a_withdrawal_the_key_goes_unless_backup_is_on_again_and_uses_it() {
        var longAgo = Instant.now().minus(Duration.ofDays(400));
        var withdrawn = consenting();
        dav(withdrawn).put("file", random(10));
        withdrawn.consent(false, longAgo);
        var again = consenting();
        dav(again).put("file", random(10));
        again.consent(false, longAgo);
        // as a crash leaves it: the rows are gone, and the owner has switched backup on again before the rest
        again.sql(
                "insert into purges (account_id, reason, blobs, bytes, started_at)"
                        + " values ($1, 'consent-withdrawn', 0, 0, now())",
                Tuple.of(again.id().value()));
        again.consent(true);

        withdrawals.purge().await().indefinitely();

        assertNothingStored(withdrawn);
        assertEquals(1, keys.count(again.id()).await().indefinitely());
        assertEquals(10, dav(again).get("file").length);
    }

    @Test
    void leftovers_of_a_crash_are_swept() throws IOException {
        var account = consenting();
        var http = dav(account);
        http.put("kept", random(10));
        var orphan =
                objectsOf(account).getFirst().getParent().getParent().resolve("00000000-0000-4000-8000-000000000001");
        Files.createDirectories(orphan);
        Files.write(orphan.resolve("0"), random(5));
        Files.setLastModifiedTime(orphan.resolve("0"), java.nio.file.attribute.FileTime.fromMillis(0));
        account.sql(
                "insert into webdav_uploads (account_id, generation, size, device_id, started_at)"
                        + " values ($1, gen_random_uuid(), 7, 'x', now() - interval '1 day')",
                Tuple.of(account.id().value()));

        assertEquals(2, sweep.sweep().await().indefinitely());

        assertEquals(1, S3ProxyResource.count("webdav/" + account.id()));
        assertEquals(0, account.count("webdav_uploads"));
        assertEquals(10, http.get("kept").length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2e%2e/x", "a%2fb", "a%00b", "%ff", "a%zz", "%"})
    void tricks_with_paths_are_refused(String path) {
        var answer = dav(consenting()).raw("GET", path, "Connection: close\r\n", new byte[0]);

        assertTrue(answer.matches("(?s)HTTP/1.1 40[04] .*"), answer);
    }

    @Test
    void accounts_do_not_see_each_other_and_a_wrong_secret_sees_nothing() {
        dav(consenting()).put("file", random(1));

        assertEquals(404, dav(consenting()).status("GET", "file", null));
        var refused = new DavHttp(base, "Basic eDp5").send("GET", "file", null);
        assertEquals(401, refused.statusCode());
        assertTrue(refused.headers().firstValue("WWW-Authenticate").isPresent());
    }

    private static java.util.List<java.nio.file.Path> objectsOf(TestAccount account) throws IOException {
        try (var files = Files.walk(S3ProxyResource.objects())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("webdav/" + account.id()))
                    .toList();
        }
    }

    private static byte[] chunk(byte[] content) {
        var head = (Integer.toHexString(content.length) + "\r\n").getBytes(UTF_8);
        var whole = Arrays.copyOf(head, head.length + content.length + 2);
        System.arraycopy(content, 0, whole, head.length, content.length);
        whole[whole.length - 2] = '\r';
        whole[whole.length - 1] = '\n';
        return whole;
    }

    private long used(TestAccount account) {
        return pool.preparedQuery("select bytes from usage where account_id = $1")
                .execute(Tuple.of(account.id().value()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private void assertNothingStored(TestAccount account) {
        for (var table : new String[] {"webdav_contents", "webdav_resources", "webdav_uploads"}) {
            assertEquals(0, account.count(table), table);
        }
        assertEquals(0, S3ProxyResource.count("webdav/" + account.id()));
        assertEquals(0, keys.count(account.id()).await().indefinitely());
    }
}
