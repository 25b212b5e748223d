package org.domicile.backup.direct;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.EagerClocks;
import org.junit.jupiter.api.Test;

/** The store itself refuses a URL whose time is over. */
@QuarkusTest
@TestProfile(EagerClocks.class)
class ExpiryIT extends BackupTest {
    private final byte[] content = random(10_000);
    private final String path = "/direct/phone/data/" + sha256(content);

    @Test
    void a_url_ends_at_the_store_and_what_was_not_put_in_time_never_becomes_live() throws Exception {
        var account = consenting();
        var http = withRepository(account, "phone");
        var stored = random(10_000);
        http.send("POST", "/restic/phone/data/" + sha256(stored), stored);
        var put = json(http.send("POST", path, size(), "Content-Type", "application/json")
                .body());
        var later = json(
                http.send("GET", "/direct/phone/data/" + sha256(stored), null).body());
        assertEquals(200, transfer(later, "GET", null));

        await().until(() -> transfer(later, "GET", null) == 403);

        assertEquals(403, transfer(put, "PUT", content));
        assertEquals(409, http.status("POST", path + "/" + put.getString("uploadId"), new byte[0]));
        assertEquals(404, http.status("HEAD", "/restic/phone/data/" + sha256(content), null));
    }

    private byte[] size() {
        return new JsonObject().put("size", content.length).toBuffer().getBytes();
    }

    private static JsonObject json(byte[] body) {
        return new JsonObject(new String(body));
    }

    /** On a connection of its own: a store may close one on which it refused a body. */
    private static int transfer(JsonObject url, String method, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url.getString("url")))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        url.getJsonObject("headers")
                .forEach(header ->
                        request.header(header.getKey(), header.getValue().toString()));
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
