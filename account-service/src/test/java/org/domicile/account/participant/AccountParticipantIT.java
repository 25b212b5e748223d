package org.domicile.account.participant;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Browser;
import org.domicile.account.testing.Passkey;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.RecordClass.Remains;
import org.domicile.platform.testing.Wait;
import org.domicile.platform.verify.Inventory;
import org.junit.jupiter.api.Test;

/** One database plays both regions in turn: everything is read, purged, and applied again under a new key. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class AccountParticipantIT {
    @Inject
    AccountParticipant participant;

    @Inject
    AccountKeys keys;

    @Inject
    Pool pool;

    @Test
    void an_account_arrives_as_it_left_and_leaves_nothing_behind() {
        var guardian = Person.newEmail();
        var person = Person.minor("SG", guardian);
        var token = person.token();
        var account = person.account();
        Person.with(token)
                .body(Map.of("phone", Person.newPhone()))
                .patch("/v1/me")
                .then()
                .statusCode(202);
        var waiting = Person.with(token)
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/backup");
        Person.guardianConfirms(account, waiting.path("confirmationId"), guardian)
                .then()
                .statusCode(200);
        Person.with(token).body(Map.of("name", "phone", "model", "M1")).post("/v1/me/devices");

        seal(account);
        Person.trySignIn(person.email(), person.password()).then().statusCode(400);
        // Keycloak tells of both sign-ins beside them
        Wait.until(
                "told",
                () -> pool.query("select from security_event where kind in ('SIGNED_IN', 'SIGN_IN_FAILED')"
                                        + " and account_id = '" + account + "'")
                                .executeAndAwait()
                                .size()
                        == 2);
        var left = read(account);
        var seen = inventory(account);
        assertEquals(1, seen.getJsonObject("credentials").getLong("count"));
        assertEquals(
                Map.of("identity provider", 1L, "key-store", 1L),
                participant.enumerate(account).await().indefinitely());

        purge(account);
        assertEquals(
                Map.of("identity provider", 0L, "key-store", 0L),
                participant.enumerate(account).await().indefinitely());
        assertEquals(Remains.NOTHING, remains(account));
        for (var table : List.of("guardian", "confirmation", "registration", "identifier")) {
            assertEquals(
                    0,
                    pool.query("select from " + table + " where account_id = '" + account + "'")
                            .executeAndAwait()
                            .size(),
                    table);
        }
        assertThrows(ProblemException.class, () -> keys.open(account).await().indefinitely());

        apply(account, left);
        assertEquals(left, read(account));
        assertEquals(seen, inventory(account), "the verifier, too, sees the same under another key");
        Person.trySignIn(person.email(), person.password()).then().statusCode(400);
        assertEquals(
                1,
                TopicReader.until("consent.state", account, e -> e.getLong("epoch") == 2)
                        .getLast()
                        .getJsonObject("features")
                        .size());

        participant.activated(account).await().indefinitely();
        person.asked()
                .get("/v1/me")
                .then()
                .statusCode(200)
                .body("email", equalTo(person.email()))
                .body("displayName", equalTo("Ada 爱达"));
        person.asked().get("/v1/me/devices").then().body("devices[0].name", equalTo("phone"));
        person.asked().get("/v1/me/guardian").then().statusCode(200).body("guardian", equalTo(guardian));
    }

    @Test
    void a_passkey_signs_in_at_the_new_home() {
        var person = Person.signedUp();
        var account = person.account();
        var passkey = new Passkey();
        new Browser().addPasskey(person.email(), person.password(), passkey);

        seal(account);
        assertTrue(new Browser().signIn(passkey).isEmpty(), "nobody signs in while the account is between two homes");
        var left = read(account);
        purge(account);
        apply(account, left);
        assertTrue(new Browser().signIn(passkey).isEmpty());
        participant.activated(account).await().indefinitely();

        var browser = new Browser();
        var token = browser.exchange(browser.signIn(passkey).orElseThrow(), browser.verifier())
                .then()
                .statusCode(200)
                .extract()
                .<String>path("access_token");
        Person.with(token).get("/v1/me").then().statusCode(200).body("accountId", equalTo(account.toString()));
        assertTrue(new Browser().signIn(passkey.forged()).isEmpty());
    }

    @Test
    void applying_again_changes_nothing() {
        var account = Person.signedUp().account();
        var records = read(account);

        apply(account, records);

        assertEquals(records, read(account));
    }

    @Test
    void what_travels_is_plain_and_what_is_stored_is_not() {
        var person = Person.signedUp();
        var profile = read(person.account()).get("profile").getFirst();

        assertEquals(person.email(), profile.data().getString("email"));
        var row = pool.query("select account::text as text from account where account_id = '" + person.account() + "'")
                .executeAndAwait()
                .iterator()
                .next();
        assertFalse(row.getString("text").contains(person.email()));
    }

    /** Class → count and digest, by code that neither copies nor purges. */
    private JsonObject inventory(AccountId account) {
        return pool.withTransaction(c -> Inventory.snapshot(c)
                        .flatMap(v -> Inventory.take(c, account, 0, new byte[32], participant.inventory())))
                .map(inventory -> inventory.question(Long.MAX_VALUE).getJsonObject("classes"))
                .await()
                .indefinitely();
    }

    private void seal(AccountId account) {
        pool.withTransaction(c -> Multi.createFrom()
                        .iterable(participant.classes())
                        .filter(r -> !r.versioned())
                        .onItem()
                        .transformToUniAndConcatenate(r -> r.seal(c, account, 1))
                        .collect()
                        .asList())
                .await()
                .indefinitely();
    }

    private Map<String, List<DataRecord>> read(AccountId account) {
        var all = new LinkedHashMap<String, List<DataRecord>>();
        for (var c : participant.classes()) {
            all.put(
                    c.name(),
                    pool.withTransaction(t -> c.after(t, account, -1, 100))
                            .await()
                            .indefinitely());
        }
        return all;
    }

    private void apply(AccountId account, Map<String, List<DataRecord>> records) {
        pool.withTransaction(t -> {
                    var chain = io.smallrye.mutiny.Uni.createFrom().voidItem();
                    for (var c : participant.classes()) {
                        chain = chain.flatMap(v -> c.apply(t, account, records.get(c.name())));
                    }
                    return chain.flatMap(v -> participant.applied(t, account, 2));
                })
                .await()
                .indefinitely();
    }

    private void purge(AccountId account) {
        participant.classes().forEach(c -> c.purge(account).await().indefinitely());
        pool.withTransaction(t -> participant.purged(t, account)).await().indefinitely();
    }

    private Remains remains(AccountId account) {
        return participant.classes().stream()
                .map(c -> c.remains(account).await().indefinitely())
                .reduce(Remains.NOTHING, Remains::plus);
    }
}
