package org.domicile.account.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.domicile.account.profile.Profile;
import org.domicile.account.profile.ProfileStore;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.key.KeySweep;
import org.domicile.platform.key.WrappedKeys;
import org.domicile.platform.testing.DatabaseDump;
import org.domicile.platform.testing.TestKeys;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** What is in the key store, what is not beside it, and what is left without it. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class KeyStoreIT {
    private static final List<String> FIELDS = List.of(
            "email",
            "phone",
            "name",
            "device.name",
            "device.model",
            "registration",
            "guardian",
            "confirmation.identifier",
            "export");

    @Inject
    Pool pool;

    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

    @Inject
    WrappedKeys wrapped;

    @Inject
    KeySweep sweep;

    @Inject
    ProfileStore profiles;

    @Inject
    Kms kms;

    @Test
    void a_copy_of_the_database_and_the_regions_keys_give_nothing_away_once_the_data_key_is_deleted() throws Exception {
        var person = Person.minor("SG", Person.newEmail());
        var account = person.account();
        var token = person.token();
        Person.with(token).body(Map.of("name", "Planted Phone", "model", "M1")).post("/v1/me/devices");
        Person.with(token)
                .body(Map.of("phone", Person.newPhone()))
                .patch("/v1/me")
                .then()
                .statusCode(202);
        var export = Person.with(token).post("/v1/me/export").<String>path("status");
        Wait.until("the archive", () -> "READY"
                .equals(Person.with(token).get(export).path("state")));
        Person.register(Map.of("market", "SG", "email", Person.newEmail(), "password", Person.PASSWORD));
        var copy = DatabaseDump.of(database(), "db/platform", "db/participant", "db/account")
                .restore("copied");
        var stored = binaries(copy);
        var ofThePerson = binariesOf(copy, account);

        for (var bytes : stored) {
            assertFalse(isWrappedKey(bytes), "the copy holds no wrapped key");
        }
        var key = wrapped.find(account).await().indefinitely().orElseThrow();
        assertEquals(
                Set.of("email", "name", "device.name", "device.model", "guardian", "confirmation.identifier", "export"),
                opened(ofThePerson, List.of(key)));

        wrapped.delete(account).await().indefinitely();

        assertEquals(Set.of(), opened(ofThePerson, everyKeyThatIsLeft()));
        Person.with(token).get("/v1/me").then().statusCode(410);
    }

    @Test
    void a_key_is_there_before_its_first_row_and_goes_if_the_row_never_comes() {
        var account = AccountId.create();
        var profile = new Profile("SG", Person.newEmail(), null, "Ada", null, java.time.Instant.now());

        assertThrows(IllegalStateException.class, () -> pool.withTransaction(c -> profiles.add(c, account, profile)
                        .flatMap(v -> Uni.createFrom().<Void>failure(new IllegalStateException("crash"))))
                .await()
                .indefinitely());
        assertEquals(1, count(account));

        unused(account, "6 days");
        sweep.sweep().await().indefinitely();
        assertEquals(1, count(account), "not yet");
        unused(account, "8 days");
        sweep.sweep().await().indefinitely();
        assertEquals(0, count(account));
    }

    @Test
    void a_key_that_is_needed_stays_however_long_nobody_wrote() {
        var person = Person.signedUp();
        var waiting = Person.register(Map.of("market", "SG", "email", Person.newEmail(), "password", Person.PASSWORD));
        var waits = new AccountId(pool.query("select account_id from registration where id = '" + waiting + "'")
                .executeAndAwait()
                .iterator()
                .next()
                .getUUID(0));
        unused(person.account(), "1000 days");
        unused(waits, "1000 days");

        sweep.sweep().await().indefinitely();

        assertEquals(1, count(person.account()));
        assertEquals(1, count(waits));
        person.asked().get("/v1/me").then().statusCode(200);
    }

    @Test
    void a_write_keeps_a_key_from_the_sweep() {
        var account = AccountId.create();
        wrapped.open(account).await().indefinitely();
        unused(account, "8 days");

        wrapped.open(account).await().indefinitely();
        sweep.sweep().await().indefinitely();

        assertEquals(1, count(account));
    }

    @Test
    void a_restored_key_store_does_not_bring_an_erased_account_back() {
        var erased = AccountId.create();
        wrapped.open(erased).await().indefinitely();
        unused(erased, "2 hours");
        pool.preparedQuery("insert into erased (account_hash, region, erasure_id, epoch, state, requested_at, deadline,"
                        + " at, settled) values (sha256(uuid_send($1)), 'cn-north', gen_random_uuid(), 2,"
                        + " 'ERASED', now(), now(), now(), true)")
                .executeAndAwait(Tuple.of(erased.value()));

        sweep.sweep().await().indefinitely();

        assertEquals(0, count(erased));
    }

    @Test
    void of_two_that_make_a_key_at_once_both_get_the_same() {
        var account = AccountId.create();

        var both = Uni.join()
                .all(wrapped.open(account), wrapped.open(account))
                .andFailFast()
                .await()
                .indefinitely();

        assertTrue(java.util.Arrays.equals(both.get(0), both.get(1)));
        assertEquals(1, count(account));
    }

    /** The fields of which one of the keys opens a text. */
    private static Set<String> opened(List<byte[]> texts, List<byte[]> keys) {
        var opened = new TreeSet<String>();
        for (var text : texts) {
            for (var field : FIELDS) {
                for (var key : keys) {
                    if (opens(key, field, text)) {
                        opened.add(field);
                    }
                }
            }
        }
        return opened;
    }

    private static boolean opens(byte[] key, String field, byte[] text) {
        try {
            new FieldCipher(key).unseal(field, text);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Whether the region's keys make a data key of it. */
    private boolean isWrappedKey(byte[] bytes) {
        try {
            kms.decryptEdek(bytes).await().indefinitely();
            return true;
        } catch (IllegalStateException | ProblemException e) {
            return false;
        }
    }

    /** The region's own, and those of all other accounts. */
    private List<byte[]> everyKeyThatIsLeft() throws Exception {
        var left = new ArrayList<byte[]>();
        var region = new JsonObject(Files.readString(TestKeys.file()));
        for (var kind : List.of("keys", "indexKeys")) {
            region.getJsonObject(kind).forEach(e -> left.add(Base64.getDecoder().decode((String) e.getValue())));
        }
        keys.query("select account_id from wrapped_key")
                .executeAndAwait()
                .forEach(row -> left.add(wrapped.find(new AccountId(row.getUUID(0)))
                        .await()
                        .indefinitely()
                        .orElseThrow()));
        return left;
    }

    private static List<byte[]> binaries(String database) throws Exception {
        return binaries(database, "");
    }

    private static List<byte[]> binariesOf(String database, AccountId account) throws Exception {
        return binaries(database, " where account_id = '" + account + "'");
    }

    /** Every value of every binary column of every table of accounts. */
    private static List<byte[]> binaries(String database, String where) throws Exception {
        var values = new ArrayList<byte[]>();
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/" + database,
                        "postgres",
                        "postgres");
                var statement = connection.createStatement()) {
            var columns = new ArrayList<String>();
            var found = statement.executeQuery("select c.table_name, c.column_name from information_schema.columns c"
                    + " where c.table_schema = 'public' and c.data_type = 'bytea' and exists (select from"
                    + " information_schema.columns a where a.table_schema = 'public' and a.table_name = c.table_name"
                    + " and a.column_name = 'account_id')");
            while (found.next()) {
                columns.add("select " + found.getString(2) + " from " + found.getString(1) + where);
            }
            for (var column : columns) {
                var rows = statement.executeQuery(column);
                while (rows.next()) {
                    if (rows.getBytes(1) != null) {
                        values.add(rows.getBytes(1));
                    }
                }
            }
        }
        return values;
    }

    private String database() {
        return pool.query("select current_database()")
                .executeAndAwait()
                .iterator()
                .next()
                .getString(0);
    }

    private void unused(AccountId account, String age) {
        keys.preparedQuery("update wrapped_key set used_at = now() - interval '" + age + "' where account_id = $1")
                .executeAndAwait(Tuple.of(account.value()));
    }

    private long count(AccountId account) {
        return wrapped.count(account).await().indefinitely();
    }
}
