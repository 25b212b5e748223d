package org.domicile.backup.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.backup.key.DataKey;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.key.WrappedKeys;
import org.domicile.platform.testing.DatabaseDump;
import org.domicile.platform.testing.TestKeys;
import org.domicile.platform.testing.TestParts;
import org.junit.jupiter.api.Test;

/** What a copy of the object store and of the database gives away of a person's files once their data key is deleted: nothing. */
@QuarkusTest
class ShreddedFilesIT extends BackupTest {
    private static final List<String> FIELDS = List.of(Details.FIELD, DavContentRecords.FIELD);
    private static final String NAME = "Planted letter.txt";
    /** Two parts: one whole, and one that ends in a segment of its own. */
    private static final int SIZE = PartLayout.PART + 100_000;

    @Inject
    WrappedKeys wrapped;

    @Inject
    @ReactiveDataSource("keys")
    Pool keys;

    @Test
    void copied_objects_and_rows_open_with_the_data_key_and_with_none_that_is_left_once_it_is_deleted()
            throws Exception {
        var account = consenting();
        var content = random(SIZE);
        assertEquals(201, dav(account).put("Planted%20letter.txt", content));
        assertEquals(201, dav(consenting()).put("other", random(1_000)));
        var database = DatabaseDump.of(database(), "db/platform", "db/participant", "db/backup")
                .restore("shredded");
        var rows = binaries(database, account.id());
        var generation = generation(database, account.id());
        var parts = parts(account.id(), generation);
        assertEquals(2, parts.size());

        var key = wrapped.find(account.id()).await().indefinitely().orElseThrow();
        assertTrue(opened(key, rows).contains(NAME), "the name is in the copied rows");
        assertArrayEquals(content, opened(key, generation, parts).orElseThrow());

        wrapped.delete(account.id()).await().indefinitely();

        var left = everyKeyThatIsLeft();
        assertTrue(left.size() > 2, "the region's own, and another account's");
        for (var other : left) {
            assertEquals("", opened(other, rows));
            assertEquals(Optional.empty(), opened(other, generation, parts));
        }
    }

    /** All texts that a key makes of the copied values. */
    private static String opened(byte[] key, List<byte[]> rows) {
        var cipher = new DavCipher(new DataKey(key));
        var texts = new StringBuilder();
        for (var row : rows) {
            for (var field : FIELDS) {
                try {
                    texts.append(cipher.decrypt(field, row));
                } catch (IllegalStateException e) {
                    // another key's, or another field's
                }
            }
        }
        return texts.toString();
    }

    /** The file that a key makes of the copied objects; empty if one of them does not open. */
    private static Optional<byte[]> opened(byte[] key, UUID generation, List<byte[]> parts) {
        var cipher = new DavCipher(new DataKey(key));
        var clear = new ByteArrayOutputStream();
        try {
            for (var slice : PartLayout.slices(SIZE, 0, SIZE)) {
                cipher.decrypter(generation, slice)
                        .accept(ByteBuffer.wrap(parts.get(slice.part())))
                        .forEach(bytes -> {
                            var plain = new byte[bytes.remaining()];
                            bytes.get(plain);
                            clear.writeBytes(plain);
                        });
            }
            return Optional.of(clear.toByteArray());
        } catch (PartDecrypter.Damaged e) {
            return Optional.empty();
        }
    }

    /** The objects of a content, as they lie in the store, by their part. */
    private static List<byte[]> parts(AccountId account, UUID generation) throws IOException {
        var parts = new ArrayList<byte[]>();
        for (var key : PartLayout.keys(account, generation, PartLayout.parts(SIZE))) {
            parts.add(Files.readAllBytes(object(key)));
        }
        return parts;
    }

    private static Path object(String key) throws IOException {
        try (var files = Files.walk(S3ProxyResource.objects())) {
            return files.filter(file -> file.endsWith(key)).findFirst().orElseThrow();
        }
    }

    /** The region's own, and those of all other accounts. */
    private List<byte[]> everyKeyThatIsLeft() throws IOException {
        var left = new ArrayList<byte[]>();
        var region = new JsonObject(Files.readString(TestKeys.file(), UTF_8));
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

    private static UUID generation(String database, AccountId account) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select generation from webdav_contents where account_id = '" + account + "'")) {
            assertTrue(rows.next());
            return rows.getObject(1, UUID.class);
        }
    }

    /** Every value of every binary column of every table that has accounts. */
    private static List<byte[]> binaries(String database, AccountId account) throws SQLException {
        var values = new ArrayList<byte[]>();
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            var queries = new ArrayList<String>();
            try (var columns =
                    statement.executeQuery("select c.table_name, c.column_name from information_schema.columns c"
                            + " join information_schema.columns a using (table_schema, table_name) where c.table_schema = 'public'"
                            + " and c.data_type = 'bytea' and a.column_name = 'account_id'")) {
                while (columns.next()) {
                    queries.add("select " + columns.getString(2) + " from " + columns.getString(1)
                            + " where account_id = '" + account + "'");
                }
            }
            for (var query : queries) {
                try (var rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        Optional.ofNullable(rows.getBytes(1)).ifPresent(values::add);
                    }
                }
            }
        }
        return values;
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/" + database, "postgres", "postgres");
    }

    private String database() {
        return pool.query("select current_database()")
                .executeAndAwait()
                .iterator()
                .next()
                .getString(0);
    }
}
