package org.domicile.account;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.Devices;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class OwnerIT {
    @Inject
    Pool pool;

    @Test
    void a_consent_is_recorded_once_and_published_whole() {
        var person = Person.signedUp();
        var token = person.token();
        var wish = Map.of("granted", true, "policyVersion", "2026-01");

        var first = Person.with(token)
                .header("Accept-Language", "pt-BR, en;q=0.5")
                .body(wish)
                .put("/v1/me/consents/backup");
        var again = Person.with(token).body(wish).put("/v1/me/consents/backup");
        Person.with(token).body(wish).put("/v1/me/consents/messaging").then().statusCode(200);

        first.then().statusCode(200).header("Domicile-Epoch", "1").body("granted", equalTo(true));
        assertEquals(first.asString(), again.asString());
        Person.with(token)
                .get("/v1/me/consents")
                .then()
                .statusCode(200)
                .body("features.backup.granted", equalTo(true))
                .body("texts.backup.version", equalTo("2026-01"))
                .body("texts.backup.text", containsString("Only a client that encrypts by itself"))
                .body("texts.size()", equalTo(4))
                .body("ledger[0].policyVersion", equalTo("2026-01"))
                .body("ledger[0].locale", equalTo("pt-BR"))
                .body("ledger.size()", equalTo(2));
        var state = TopicReader.until(
                        "consent.state",
                        person.account(),
                        e -> e.getJsonObject("features").size() == 2)
                .getLast();
        assertTrue(state.getJsonObject("features").getJsonObject("backup").getBoolean("granted"));
        assertTrue(state.getLong("version") > 0);
    }

    @Test
    void a_withdrawal_is_a_new_entry_that_follows_the_first() {
        var token = Person.signedUp().token();
        Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup");
        Person.with(token)
                .body(Map.of("granted", false, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup");

        var ledger = Person.with(token).get("/v1/me/consents").then().extract().jsonPath();

        assertEquals(false, ledger.getBoolean("features.backup.granted"));
        assertEquals(ledger.getString("ledger[0].hash"), ledger.getString("ledger[1].previous"));
    }

    @Test
    void a_device_gets_a_secret_once_and_can_be_revoked() {
        var person = Person.signedUp();
        var token = person.token();

        var device = Person.with(token)
                .body(Map.of("name", "小米 phone", "model", "M1"))
                .post("/v1/me/devices")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        var id = device.getString("deviceId");
        var secret = device.getString("secret");

        assertTrue(secret.matches("[0-9a-f]{64}"));
        assertEquals(person.account(), DeviceId.parse(id).accountId());
        Person.with(token)
                .get("/v1/me/devices")
                .then()
                .body("devices.size()", equalTo(1))
                .body("devices[0].name", equalTo("小米 phone"))
                .body("devices[0].secret", equalTo(null));
        var published = TopicReader.until(
                        "device.state",
                        person.account(),
                        e -> e.getJsonArray("devices").size() == 1)
                .getLast();
        assertEquals(
                Devices.digest(secret),
                published.getJsonArray("devices").getJsonObject(0).getString("secretSha256"));

        Person.with(token).delete("/v1/me/devices/" + id).then().statusCode(204);

        Person.with(token).get("/v1/me/devices").then().body("devices.size()", equalTo(0));
        var revoked = TopicReader.until(
                        "device.state", person.account(), e -> e.getLong("version") > published.getLong("version"))
                .getLast();
        assertEquals(0, revoked.getJsonArray("devices").size());
        Person.with(token).delete("/v1/me/devices/" + id).then().statusCode(404);
    }

    @Test
    void a_name_can_be_changed_and_the_rest_stays() {
        var person = Person.signedUp();

        person.asked()
                .body(Map.of("displayName", "Countess"))
                .patch("/v1/me")
                .then()
                .statusCode(200)
                .body("displayName", equalTo("Countess"))
                .body("email", equalTo(person.email()));
    }

    @Test
    void an_account_knows_where_it_lives() {
        var person = Person.signedUp();

        person.asked()
                .get("/v1/me/residency")
                .then()
                .statusCode(200)
                .body("homeRegion", equalTo("cn-north"))
                .body("epoch", equalTo(1))
                .body("history[0].region", equalTo("cn-north"));
    }

    @Test
    void an_account_that_lives_elsewhere_is_sent_there() {
        var person = Person.signedUp();
        var token = person.token();
        pool.query("insert into residency (account_id, home, epoch, previous, since) values ('" + person.account()
                        + "', 'ap-southeast', 7, 'cn-north', now())")
                .executeAndAwait();

        Person.with(token)
                .get("/v1/me")
                .then()
                .statusCode(421)
                .header("Domicile-Epoch", "7")
                .body("homeRegion", equalTo("ap-southeast"));
        Person.with(token)
                .body(Map.of("name", "a", "model", "b"))
                .post("/v1/me/devices")
                .then()
                .statusCode(421);
    }

    @Test
    void a_frozen_account_can_be_read_and_a_write_waits_and_is_then_refused() {
        var person = Person.signedUp();
        var token = person.token();
        pool.query("update fence set mode = 'FROZEN', epoch = 2 where account_id = '" + person.account() + "'")
                .executeAndAwait();

        Person.with(token).get("/v1/me").then().statusCode(200).header("Domicile-Epoch", "2");
        Person.with(token)
                .body(Map.of("name", "a", "model", "b"))
                .post("/v1/me/devices")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("type", equalTo("https://domicile.dev/errors/account-frozen"));
    }

    @Test
    void regions_and_markets_are_public() {
        given().get("/v1/regions")
                .then()
                .statusCode(200)
                .body("regions.size()", equalTo(2))
                .body("markets.find { it.id == 'SG' }.target", equalTo("ap-southeast"));
    }

    @Test
    void an_unknown_identifier_is_sent_to_its_markets_home() {
        var known = Person.signedUp("CN", "Ada").email();

        for (var email : new String[] {known, Person.newEmail()}) {
            given().contentType(ContentType.JSON)
                    .body(Map.of("market", "CN", "email", email))
                    .post("/v1/discover")
                    .then()
                    .statusCode(200)
                    .body("homeRegion", equalTo("cn-north"));
        }
        assertNotEquals(known, Person.newEmail());
    }
}
