package org.domicile.account.export;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Archives;
import org.domicile.account.testing.Everything;
import org.domicile.account.testing.Person;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class ExportIT {
    @Inject
    Pool pool;

    @Test
    void an_owner_gets_one_archive_whose_manifest_is_right() throws Exception {
        var name = "Exported Person " + UUID.randomUUID();
        var person = Person.signedUp("SG", name);
        var token = person.token();
        Person.with(token).body(Map.of("name", "phone", "model", "M1")).post("/v1/me/devices");
        Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup");

        var ready = ready(token, order(token));
        var bytes = archive(token, ready);
        var files = Archives.unzip(bytes);

        assertEquals(ready.<String>path("sha256"), sha256(bytes));
        assertEquals(ready.<Integer>path("bytes").intValue(), bytes.length);
        var profile = new JsonObject(text(files, "account/profile.jsonl").strip()).getJsonObject("data");
        assertEquals(person.email(), profile.getString("email"));
        assertEquals(name, profile.getString("name"));
        assertTrue(text(files, "account/consents.jsonl").contains("\"backup\""));
        assertTrue(text(files, "account/devices.jsonl").contains("\"phone\""));
        var credentials = text(files, "account/credentials.jsonl");
        assertTrue(credentials.contains("argon2"));
        assertFalse(credentials.contains("secretData"), "no hash leaves");
        assertTrue(text(files, "account/sessions.jsonl").contains("domicile-device"));
        var manifest = new JsonObject(text(files, "manifest.json"));
        assertEquals(person.account().toString(), manifest.getString("accountId"));
        assertEquals(files.size() - 1, manifest.getJsonArray("files").size());
        for (var entry : manifest.getJsonArray("files")) {
            var file = (JsonObject) entry;
            var content = files.get(file.getString("path"));
            assertEquals(file.getInteger("bytes"), content.length);
            assertEquals(file.getString("sha256"), sha256(content));
        }
        assertEquals(List.of(), Everything.holding(pool, name, person.email()), "stored sealed");
    }

    @Test
    void the_deadline_of_an_archive_is_the_shorter_of_both_ends_while_the_account_is_moved() throws Exception {
        assertEquals(30, daysToDeadline(), "Singapore's");
        assertEquals(3, daysToDeadline("SG", "ID"), "Indonesia's");
        assertEquals(30, daysToDeadline("SG", "HK"), "Singapore's again: Hong Kong gives more");
    }

    private long daysToDeadline(String... moveLaws) {
        var person = Person.signedUp("SG", "Moved Person " + UUID.randomUUID());
        if (moveLaws.length > 0) {
            pool.preparedQuery("insert into move_law (account_id, markets) values ($1, $2)")
                    .executeAndAwait(Tuple.of(person.account().value(), moveLaws));
        }
        var export = order(person.token());
        return Duration.between(Instant.now(), Instant.parse(export.path("deadline")))
                .plusHours(1)
                .toDays();
    }

    @Test
    void what_the_law_wants_kept_is_in_the_archive_of_whom_it_is_kept_of() throws Exception {
        var token = Person.signedUp("IN", "Ada").token();

        var files = Archives.unzip(archive(token, ready(token, order(token))));

        assertEquals(1, text(files, "account/legal-logs.jsonl").lines().count());
        assertTrue(text(files, "account/legal-logs.jsonl").contains("expires_at"));
    }

    @Test
    void a_minors_archive_names_the_guardian() throws Exception {
        var guardian = Person.newEmail();
        var token = Person.minor("SG", guardian).token();

        var files = Archives.unzip(archive(token, ready(token, order(token))));

        assertTrue(text(files, "account/guardians.jsonl").contains(guardian));
    }

    @Test
    void an_archive_that_a_crash_left_half_made_is_made_again() throws Exception {
        var person = Person.signedUp();
        var token = person.token();
        // as a crashed instance leaves it: an attempt with a piece, and a lease that has ended
        var id = UUID.randomUUID();
        pool.query("insert into export (account_id, id, state, requested_at, deadline, attempt, leased_until) values ('"
                        + person.account() + "', '" + id + "', 'ORDERED', now(), now() + interval '30 days', 1,"
                        + " now() + interval '1 hour')")
                .executeAndAwait();
        pool.query("insert into export_chunk values ('" + person.account() + "', '" + id + "', 1, 0, 'half')")
                .executeAndAwait();
        pool.query("update export set leased_until = now() - interval '1 second' where id = '" + id + "'")
                .executeAndAwait();

        assertEquals(id.toString(), order(token).path("exportId"), "the one that is being made is the one wanted");
        var ready = ready(token, order(token));
        assertTrue(Archives.unzip(archive(token, ready)).containsKey("manifest.json"));
        assertEquals(
                0L,
                pool.query("select count(*) as count from export_chunk where export_id = '" + id + "' and attempt = 1")
                        .executeAndAwait()
                        .iterator()
                        .next()
                        .getLong("count"));
    }

    @Test
    void an_archive_expires_and_is_gone() {
        var person = Person.signedUp();
        var token = person.token();
        var ready = ready(token, order(token));
        pool.query("update export set expires_at = now() where account_id = '" + person.account() + "'")
                .executeAndAwait();

        Wait.until(
                "gone",
                () -> Person.with(token).get(ready.<String>path("status")).statusCode() == 404);
        Person.with(token).get(ready.<String>path("archive")).then().statusCode(404);
    }

    @Test
    void the_nearest_deadline_is_a_metric() {
        var person = Person.signedUp();
        // another instance makes it, and does not come to an end
        pool.query("insert into export (account_id, id, state, requested_at, deadline, attempt, leased_until) values ('"
                        + person.account() + "', gen_random_uuid(), 'ORDERED', now(), now() + interval '10 hours', 1,"
                        + " now() + interval '1 hour')")
                .executeAndAwait();

        Wait.until("measured", () -> deadlineSeconds() <= 10 * 3_600);
        pool.query("delete from export where account_id = '" + person.account() + "'")
                .executeAndAwait();
        Wait.until("over", () -> deadlineSeconds() > 86_400);
    }

    private static double deadlineSeconds() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("domicile_export_deadline_seconds"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nobody_else_gets_it() {
        var token = Person.signedUp().token();
        var ready = ready(token, order(token));
        var other = Person.signedUp().token();

        Person.with(other).get(ready.<String>path("archive")).then().statusCode(404);
        Person.with(other).get(ready.<String>path("status")).then().statusCode(404);
    }

    private static Response order(String token) {
        return Person.with(token)
                .post("/v1/me/export")
                .then()
                .statusCode(202)
                .extract()
                .response();
    }

    private static Response ready(String token, Response ordered) {
        var status = ordered.<String>path("status");
        Wait.until("the archive", () -> "READY"
                .equals(Person.with(token).get(status).path("state")));
        return Person.with(token)
                .get(status)
                .then()
                .body("state", equalTo("READY"))
                .extract()
                .response();
    }

    private static byte[] archive(String token, Response ready) {
        return Person.with(token)
                .get(ready.<String>path("archive"))
                .then()
                .statusCode(200)
                .contentType("application/zip")
                .extract()
                .asByteArray();
    }

    private static String text(Map<String, byte[]> files, String path) {
        return new String(files.get(path), StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
