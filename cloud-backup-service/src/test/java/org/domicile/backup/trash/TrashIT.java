package org.domicile.backup.trash;

import static io.restassured.RestAssured.given;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;

/** The trash window is disclosed, and what is in it can be brought back. */
@QuarkusTest
class TrashIT extends BackupTest {
    private final byte[] content = random(1000);
    private final String path = "/restic/phone/data/" + sha256(content);

    @Test
    void what_a_client_deleted_is_listed_with_its_end() {
        var account = stored();
        as(account).send("DELETE", path, null);

        get(account, "/v1/me/repositories/phone/trash")
                .statusCode(200)
                .header("Domicile-Epoch", "1")
                .body("window", equalTo(604_800f))
                .body("items", hasSize(1))
                .body("items[0].type", equalTo("data"))
                .body("items[0].name", equalTo(sha256(content)))
                .body("items[0].size", equalTo(1000))
                .body("items[0].purgeAt", notNullValue())
                .body("next", nullValue());
    }

    @Test
    void a_deleted_repository_comes_back_whole() {
        var account = stored();
        var http = as(account);
        assertEquals(200, http.status("DELETE", "/restic/phone/", null));
        assertEquals(404, http.status("GET", "/restic/phone/data/", null));

        restore(account, Map.of()).statusCode(200).body("blobs", equalTo(1)).body("bytes", equalTo(1000));

        assertArrayEquals(content, http.send("GET", path, null).body());
        get(account, "/v1/me/usage").body("usedBytes", equalTo(1000)).body("trashBytes", equalTo(0));
    }

    @Test
    void what_is_stored_again_is_not_restored_twice() {
        var account = stored();
        var http = as(account);
        http.send("DELETE", path, null);
        http.send("POST", path, content);

        restore(account, Map.of()).statusCode(404);

        assertEquals(200, http.status("HEAD", path, null));
    }

    @Test
    void only_what_was_deleted_since_an_instant_is_restored() {
        var account = stored();
        as(account).send("DELETE", path, null);

        restore(account, Map.of("since", Instant.now().plus(Duration.ofHours(1)).toString()))
                .statusCode(404);
        restore(
                        account,
                        Map.of("since", Instant.now().minus(Duration.ofHours(1)).toString()))
                .statusCode(200);
    }

    @Test
    void restoring_needs_consent() {
        var account = stored();
        as(account).send("DELETE", path, null);
        account.consent(false);

        restore(account, Map.of()).statusCode(403);
    }

    @Test
    void a_page_says_how_to_get_the_next() {
        var account = stored();
        var other = random(500);
        as(account).send("POST", "/restic/phone/index/" + sha256(other), other);
        as(account).send("DELETE", "/restic/phone/", null);

        var next = get(account, "/v1/me/repositories/phone/trash?limit=1")
                .body("items", hasSize(1))
                .extract()
                .path("next");

        get(account, "/v1/me/repositories/phone/trash?limit=1&after=" + next).body("items", hasSize(1));
    }

    private TestAccount stored() {
        var account = consenting();
        assertEquals(200, withRepository(account, "phone").status("POST", path, content));
        return account;
    }

    private ValidatableResponse get(TestAccount account, String path) {
        return given().auth()
                .oauth2(TestTokens.owner(account.id()))
                .get(base.resolve(path))
                .then();
    }

    private ValidatableResponse restore(TestAccount account, Map<String, String> order) {
        return given().auth()
                .oauth2(TestTokens.owner(account.id()))
                .contentType(ContentType.JSON)
                .body(order)
                .post(base.resolve("/v1/me/repositories/phone/restore"))
                .then();
    }
}
