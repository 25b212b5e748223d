package org.domicile.backup.direct;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

/** What a URL allows is what was signed, for a minute, and nothing is LIVE before the commit. */
@QuarkusTest
class DirectIT extends BackupTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Inject
    PresignedStore presigned;

    private final byte[] content = random(300_000);
    private final String name = sha256(content);
    private final String path = "/direct/phone/data/" + name;

    @Test
    void what_was_put_is_live_after_the_commit_and_not_before() throws Exception {
        var account = account();
        var url = begin(account);
        assertEquals(200, put(url, content));
        assertEquals(404, as(account).status("HEAD", "/restic/phone/data/" + name, null));

        assertEquals(200, commit(account, url).statusCode());
        assertEquals(200, commit(account, url).statusCode());

        assertArrayEquals(
                content,
                as(account).send("GET", "/restic/phone/data/" + name, null).body());
        await().until(() -> S3ProxyResource.count(account.id().toString()) == 1);
        assertEquals(200, json(account, path, size(content.length)).statusCode());
    }

    @Test
    void a_url_takes_the_signed_content_once_and_for_a_minute() throws Exception {
        var url = begin(account());
        assertTrue(url.getString("url").contains("X-Amz-Expires=60"), url.encode());

        assertRefused(put(url, random(content.length)));
        assertRefused(put(url, Arrays.copyOf(content, 1000)));
        assertRefused(put(url.copy().put("headers", new JsonObject()), content));
        assertEquals(200, put(url, content));
        assertEquals(412, put(url, content));
    }

    @Test
    void a_commit_without_the_content_is_refused_and_can_be_repeated_with_it() throws Exception {
        var account = account();
        var url = begin(account);

        assertEquals(409, commit(account, url).statusCode());

        put(url, content);
        assertEquals(200, commit(account, url).statusCode());
    }

    @Test
    void a_withdrawn_consent_keeps_what_was_put_from_becoming_live() throws Exception {
        var account = account();
        var url = begin(account);
        put(url, content);
        account.consent(false);

        assertEquals(403, commit(account, url).statusCode());
        assertEquals(403, json(account, path, size(content.length)).statusCode());

        assertEquals(0, account.count("blobs"));
    }

    @Test
    void nothing_becomes_live_while_the_account_is_frozen_and_the_commit_can_be_repeated_after() throws Exception {
        var account = account();
        var url = begin(account);
        put(url, content);
        fence(account, "FROZEN");

        assertEquals(503, commit(account, url).statusCode());
        assertEquals(0, account.count("blobs"));

        fence(account, "OWN");
        assertEquals(404, as(account).status("HEAD", "/restic/phone/data/" + name, null));
        assertEquals(200, commit(account, url).statusCode());
    }

    @Test
    void nothing_becomes_live_where_the_account_has_been_closed_for_a_move() throws Exception {
        var account = account();
        var url = begin(account);
        put(url, content);
        fence(account, "CLOSED");

        assertEquals(503, commit(account, url).statusCode(), "it is not known where its home is");
        account.sql(
                "insert into residency (account_id, home, epoch, previous, since)"
                        + " values ($1, 'ap-southeast', 2, 'cn-north', now())",
                Tuple.of(account.id().value()));
        assertEquals(421, commit(account, url).statusCode());

        assertEquals(0, account.count("blobs"));
    }

    private static void fence(TestAccount account, String mode) {
        account.sql(
                "update fence set mode = $2 where account_id = $1",
                Tuple.of(account.id().value(), mode));
    }

    @Test
    void another_device_cannot_commit() throws Exception {
        var account = account();
        var url = begin(account);
        put(url, content);

        var answer = as(account, account.second()).send("POST", path + "/" + url.getString("uploadId"), new byte[0]);

        assertEquals(404, answer.statusCode());
    }

    @Test
    void a_download_comes_from_the_store() throws Exception {
        var account = account();
        as(account).send("POST", "/restic/phone/data/" + name, content);

        var url = new JsonObject(new String(as(account).send("GET", path, null).body()));

        var answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(url.getString("url"))).build(), BodyHandlers.ofByteArray());
        assertArrayEquals(content, answer.body());
        assertTrue(url.getString("url").contains("X-Amz-Expires=60"));
    }

    @Test
    void a_purge_waits_for_the_last_url() throws Exception {
        var account = account();
        begin(account);

        assertThrows(ProblemException.class, () -> presigned
                .requireExpired(account.id(), Instant.now())
                .await()
                .indefinitely());
        presigned
                .requireExpired(account.id(), Instant.now().plus(Duration.ofSeconds(61)))
                .await()
                .indefinitely();
    }

    private TestAccount account() {
        var account = consenting();
        withRepository(account, "phone");
        return account;
    }

    private JsonObject begin(TestAccount account) {
        var answer = json(account, path, size(content.length));
        assertEquals(201, answer.statusCode(), new String(answer.body()));
        assertEquals("1", answer.headers().firstValue("Domicile-Epoch").orElse(""));
        return new JsonObject(new String(answer.body()));
    }

    private HttpResponse<byte[]> commit(TestAccount account, JsonObject url) {
        return as(account).send("POST", path + "/" + url.getString("uploadId"), new byte[0]);
    }

    private HttpResponse<byte[]> json(TestAccount account, String path, JsonObject body) {
        return as(account).send("POST", path, body.toBuffer().getBytes(), "Content-Type", "application/json");
    }

    private static JsonObject size(long size) {
        return new JsonObject().put("size", size);
    }

    /** On a connection of its own: a store may close one on which it refused a body. */
    private static int put(JsonObject url, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url.getString("url"))).PUT(BodyPublishers.ofByteArray(body));
        url.getJsonObject("headers")
                .forEach(header ->
                        request.header(header.getKey(), header.getValue().toString()));
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }

    private static void assertRefused(int status) {
        assertTrue(status == 400 || status == 403, "status " + status);
    }
}
