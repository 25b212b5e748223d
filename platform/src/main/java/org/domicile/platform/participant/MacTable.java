package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.sql.Pipeline;

/** The SQL of {@link MacLedger}. */
final class MacTable {
    /** 256 buckets by the first byte of the key's SHA-256. */
    private static final String BUCKET = "get_byte(sha256(convert_to(key, 'UTF8')), 0)";

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** What is digested of a class: how many records, the highest version, and the class's digest. */
    record Digested(long version, ClassDigest digest) {
        static final Digested NOTHING = new Digested(-1, new ClassDigest(0, EMPTY));

        static Digested of(JsonObject json) {
            return new Digested(
                    json.getLong("version"), new ClassDigest(json.getLong("count"), json.getString("digest")));
        }

        JsonObject toJson() {
            return new JsonObject()
                    .put("version", version)
                    .put("count", digest.count())
                    .put("digest", digest.digest());
        }
    }

    Uni<Void> put(
            SqlConnection connection, AccountId account, byte[] key, String recordClass, List<DataRecord> records) {
        if (records.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var mac = new RecordMac(key);
        var rows = records.stream()
                .map(r -> Tuple.of(
                        account.value(), recordClass, r.key(), r.version(), Buffer.buffer(mac.of(recordClass, r))))
                .toList();
        return Pipeline.inOrder(
                connection
                        .preparedQuery("insert into transfer_mac (account_id, class, key, version, mac)"
                                + " values ($1, $2, $3, $4, $5) on conflict (account_id, class, key) do update"
                                + " set version = excluded.version, mac = excluded.mac"
                                + " where transfer_mac.version <= excluded.version")
                        .executeBatch(rows)
                        .replaceWithVoid(),
                changed(connection, account, recordClass));
    }

    /** A digest of the class that was kept says nothing any more. */
    private static Uni<Void> changed(SqlConnection connection, AccountId account, String recordClass) {
        return connection
                .preparedQuery("update transfer set digests = digests - $2::text where account_id = $1 and"
                        + " jsonb_exists(digests, $2::text)")
                .execute(Tuple.of(account.value(), recordClass))
                .replaceWithVoid();
    }

    Uni<Void> drop(SqlConnection connection, AccountId account, String recordClass, Collection<String> keys) {
        if (keys.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery("delete from transfer_mac where account_id = $1 and class = $2 and key = any($3)")
                .execute(Tuple.of(account.value(), recordClass, keys.toArray(String[]::new)))
                .flatMap(r -> changed(connection, account, recordClass));
    }

    /** Class → what is digested of it; a class without records is missing, and so are these. */
    Uni<Map<String, Digested>> digestedBut(SqlConnection connection, AccountId account, Collection<String> kept) {
        return connection
                .preparedQuery("select class, count(*) as count, max(version) as version,"
                        + " encode(sha256(string_agg(mac, ''::bytea order by key)), 'hex') as digest"
                        + " from transfer_mac where account_id = $1 and class <> all($2) group by class")
                .execute(Tuple.of(account.value(), kept.toArray(String[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                r -> r.getString("class"),
                                r -> new Digested(
                                        r.getLong("version"),
                                        new ClassDigest(r.getLong("count"), r.getString("digest"))))));
    }

    /** Buckets (0–255) of a class → count and digest. */
    Uni<Map<Integer, ClassDigest>> buckets(SqlConnection connection, AccountId account, String recordClass) {
        return connection
                .preparedQuery("select " + BUCKET + " as bucket, count(*) as count,"
                        + " encode(sha256(string_agg(mac, ''::bytea order by key)), 'hex') as digest"
                        + " from transfer_mac where account_id = $1 and class = $2 group by 1")
                .execute(Tuple.of(account.value(), recordClass))
                .map(rows -> {
                    var buckets = new HashMap<Integer, ClassDigest>();
                    rows.forEach(r -> buckets.put(
                            r.getInteger("bucket"), new ClassDigest(r.getLong("count"), r.getString("digest"))));
                    return buckets;
                });
    }

    /** Key → MAC (hex) of the records in some buckets of a class. */
    Uni<Map<String, String>> keys(
            SqlConnection connection, AccountId account, String recordClass, Collection<Integer> buckets) {
        return connection
                .preparedQuery("select key, encode(mac, 'hex') as mac from transfer_mac"
                        + " where account_id = $1 and class = $2 and " + BUCKET + " = any($3)")
                .execute(Tuple.of(account.value(), recordClass, buckets.toArray(Integer[]::new)))
                .map(MacTable::macs);
    }

    /** Key → MAC (hex) of all records of a class. */
    Uni<Map<String, String>> keys(SqlConnection connection, AccountId account, String recordClass) {
        return connection
                .preparedQuery(
                        "select key, encode(mac, 'hex') as mac from transfer_mac where account_id = $1 and class = $2")
                .execute(Tuple.of(account.value(), recordClass))
                .map(MacTable::macs);
    }

    private static Map<String, String> macs(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .collect(Collectors.toMap(r -> r.getString("key"), r -> r.getString("mac")));
    }

    /** Key → version of everything that is digested of a class. */
    Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account, String recordClass) {
        return connection
                .preparedQuery("select key, version from transfer_mac where account_id = $1 and class = $2")
                .execute(Tuple.of(account.value(), recordClass))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(r -> r.getString("key"), r -> r.getLong("version"))));
    }
}
