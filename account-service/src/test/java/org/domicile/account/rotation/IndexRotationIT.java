package org.domicile.account.rotation;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.account.profile.Identifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.account.profile.IdentifierIndex.IdentifierTaken;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.OtherRegion;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.RegionKms;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.kms.LocalKms;
import org.domicile.platform.testing.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator rotates the index key from i1 to i2: both known, then the new one current, then the old one gone. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class IndexRotationIT {
    @Inject
    RegionKms kms;

    @Inject
    IndexRotation rotation;

    @Inject
    Pool pool;

    @AfterEach
    void back() {
        kms.use(TestKeys.both("k1", "i1"));
        rotation.reindex().await().indefinitely();
        kms.back();
    }

    @Test
    void the_index_key_is_rotated_while_people_sign_up_and_in() {
        var ada = discoverable();
        assertEquals(List.of("i1"), indexKeys(ada));

        kms.use(TestKeys.both("k1", "i1"));
        var ben = Person.signedUp();
        assertEquals(List.of("i1"), indexKeys(ben), "the new key is known, and not used yet");

        kms.use(TestKeys.both("k1", "i2"));
        assertCanSignInAndNotSignUp(ada, ben);
        var cyd = Person.signedUp();
        assertEquals(List.of("i2"), indexKeys(cyd));
        assertCanSignInAndNotSignUp(cyd);

        var left = rotation.reindex().await().indefinitely();

        for (var person : List.of(ada, ben, cyd)) {
            assertEquals(List.of("i2"), indexKeys(person));
        }
        assertEquals(left, accountsNotUnder("i2"), "what is left are accounts of other tests that cannot be read");
        TopicReader.until(
                "consent.state", ada.account(), state -> hashes(ada, "i2").equals(published(state)));
        assertCanSignInAndNotSignUp(ada, ben, cyd);

        takeOutWhatCannotBeMadeAgain("i1");
        kms.use(TestKeys.withoutFirstIndexKey());
        assertCanSignInAndNotSignUp(ada, ben, cyd);
        ada.asked().get("/v1/me").then().statusCode(200);
    }

    @Test
    void two_who_want_one_identifier_under_two_keys_at_once_do_not_both_get_it() {
        for (int i = 0; i < 10; i++) {
            var identifiers = List.of(Identifier.email(Person.newEmail()).orElseThrow());
            var older = new IdentifierIndex(pool, keys("i1"));
            var newer = new IdentifierIndex(pool, keys("i2"));

            var one = AccountId.create();
            var other = AccountId.create();

            var both = Uni.join()
                    .all(taken(older, one, identifiers), taken(newer, other, identifiers))
                    .andCollectFailures()
                    .await()
                    .indefinitely();

            assertEquals(1, both.stream().filter(got -> got).count());
            older.purge(one).await().indefinitely();
            older.purge(other).await().indefinitely();
        }
    }

    @Test
    void while_an_older_key_was_taken_away_too_early_nobody_is_taken_for_unknown_and_it_is_made_up_for() {
        takeOutWhatCannotBeMadeAgain("i1");
        var ada = Person.signedUp();
        try (var other = new OtherRegion()) {
            assertEquals(200, discover(ada.email()));

            kms.use(TestKeys.withoutFirstIndexKey());

            for (var email : List.of(ada.email(), Person.newEmail())) {
                Person.trySignIn(email, ada.password()).then().statusCode(503);
                assertEquals(503, discover(email));
            }
            assertEquals(3, other.asked().size(), "the other region answers every time");
        }
        var index = new IdentifierIndex(pool, kms);
        var refused = assertThrows(ProblemException.class, () -> index.find(
                        Identifier.email(ada.email()).orElseThrow())
                .await()
                .indefinitely());
        assertEquals(
                "UNAVAILABLE: The region's key \"i1\" is missing: the operator must restore it.", refused.getMessage());
        var beforeSignUp = accounts();
        var late = register(ada.email());
        Person.tryConfirm(late, Person.code(ada.email())).then().statusCode(503);
        assertThrows(ProblemException.class, () -> taken(
                        index,
                        AccountId.create(),
                        List.of(Identifier.email(ada.email()).orElseThrow()))
                .await()
                .indefinitely());
        assertEquals(beforeSignUp, accounts());

        rotation.reindex().await().indefinitely();

        assertEquals(List.of("i2"), indexKeys(ada));
        assertCanSignInAndNotSignUp(ada);
    }

    /** What an operator does about accounts whose data key is lost, before the index key goes. */
    private void takeOutWhatCannotBeMadeAgain(String key) {
        pool.preparedQuery("delete from identifier where index_key = $1").executeAndAwait(Tuple.of(key));
    }

    private long accounts() {
        return pool.query("select count(*) from account")
                .executeAndAwait()
                .iterator()
                .next()
                .getLong(0);
    }

    private static int discover(String email) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("market", "SG", "email", email))
                .post("/v1/discover")
                .statusCode();
    }

    private static String register(String email) {
        return Person.register(Map.of("market", "SG", "email", email, "password", Person.PASSWORD));
    }

    private Uni<Boolean> taken(IdentifierIndex index, AccountId account, List<Identifier> identifiers) {
        return pool.withTransaction(c -> index.replace(c, account, identifiers))
                .replaceWith(true)
                .onFailure(IdentifierTaken.class)
                .recoverWithItem(false);
    }

    private static void assertCanSignInAndNotSignUp(Person... people) {
        for (var person : people) {
            Person.trySignIn(person.email(), person.password()).then().statusCode(200);
            var again = register(person.email());
            Person.tryConfirm(again, Person.code(person.email())).then().statusCode(409);
        }
    }

    private static Person discoverable() {
        var person = Person.signedUp();
        person.asked()
                .body(Map.of("granted", true, "policyVersion", "2026-01"))
                .put("/v1/me/consents/discoverability")
                .then()
                .statusCode(200);
        TopicReader.until(
                "consent.state", person.account(), state -> hashes(person, "i1").equals(published(state)));
        return person;
    }

    private static Optional<JsonArray> published(io.vertx.core.json.JsonObject state) {
        return Optional.ofNullable(state.getJsonObject("features").getJsonObject("discoverability"))
                .map(feature -> feature.getJsonArray("index"));
    }

    private static Optional<JsonArray> hashes(Person person, String key) {
        var mac = keys("i2")
                .indexMac(key, ("discover:email:" + person.email()).getBytes(UTF_8))
                .await()
                .indefinitely();
        return Optional.of(new JsonArray().add(HexFormat.of().formatHex(mac)));
    }

    private static Kms keys(String index) {
        return new LocalKms(TestKeys.both("k1", index), new SecureRandom());
    }

    private List<String> indexKeys(Person person) {
        var keys = new java.util.ArrayList<String>();
        pool.preparedQuery("select index_key from identifier where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()))
                .forEach(row -> keys.add(row.getString("index_key")));
        return keys;
    }

    private long accountsNotUnder(String key) {
        return pool.preparedQuery("select count(distinct account_id) from identifier where index_key <> $1")
                .executeAndAwait(Tuple.of(key))
                .iterator()
                .next()
                .getLong(0);
    }
}
