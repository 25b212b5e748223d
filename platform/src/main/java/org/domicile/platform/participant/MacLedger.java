package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.Manifest;

/**
 * The MACs of a moving account's records, kept beside them: each record is digested once, when it is copied, and again only if it
 * changed; the digest of a class is then one aggregate. Both ends compute theirs from what their own database gives back.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class MacLedger {
    private static final int BATCH = 500;
    /** 256 buckets by the first byte of the key's SHA-256. */
    private static final String BUCKET = "get_byte(sha256(convert_to(key, 'UTF8')), 0)";

    private final Participant participant;

    @Inject
    MacLedger(Participant participant) {
        this.participant = participant;
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
        return connection
                .preparedQuery("insert into transfer_mac (account_id, class, key, version, mac)"
                        + " values ($1, $2, $3, $4, $5) on conflict (account_id, class, key) do update"
                        + " set version = excluded.version, mac = excluded.mac")
                .executeBatch(rows)
                .replaceWithVoid();
    }

    /** At the frozen source: the manifest, after what is kept outside the database has been sealed too. */
    Uni<Manifest> seal(SqlConnection connection, AccountId account, byte[] key, long counter) {
        return refreshAll(connection, account, key, c -> c.seal(connection, account))
                .flatMap(refreshed -> digestedManifest(connection, account, key, counter));
    }

    /** Brings the MACs in line with the records: only what changed is read. Then digests every class. */
    Uni<Manifest> manifest(SqlConnection connection, AccountId account, byte[] key, long counter) {
        return refreshAll(connection, account, key)
                .flatMap(refreshed -> digestedManifest(connection, account, key, counter));
    }

    private Uni<Manifest> digestedManifest(SqlConnection connection, AccountId account, byte[] key, long counter) {
        return digests(connection, account)
                .flatMap(kept -> participant.digested(connection, account, key, kept))
                .flatMap(classes -> participant
                        .projections(connection, account)
                        .map(projections -> new Manifest(counter, classes, projections)));
    }

    Uni<Void> refreshAll(SqlConnection connection, AccountId account, byte[] key) {
        return refreshAll(connection, account, key, c -> c.after(connection, account, -1, BATCH));
    }

    private Uni<Void> refreshAll(
            SqlConnection connection,
            AccountId account,
            byte[] key,
            Function<RecordClass, Uni<List<DataRecord>>> unversioned) {
        return Multi.createFrom()
                .iterable(participant.classes())
                .onItem()
                .transformToUniAndConcatenate(c -> (c.versioned()
                                ? refreshChanged(connection, account, key, c)
                                : unversioned
                                        .apply(c)
                                        .flatMap(records -> replace(connection, account, key, c, records)))
                        .replaceWith(c.name()))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    /** Class → digest, of the MACs as they stand. */
    Uni<SortedMap<String, ClassDigest>> digests(SqlConnection connection, AccountId account) {
        return Multi.createFrom()
                .iterable(participant.classes())
                .onItem()
                .transformToUniAndConcatenate(
                        c -> digest(connection, account, c.name()).map(d -> Map.entry(c.name(), d)))
                .collect()
                .asList()
                .map(digests -> {
                    var classes = new TreeMap<String, ClassDigest>();
                    digests.forEach(e -> classes.put(e.getKey(), e.getValue()));
                    return classes;
                });
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
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(r -> r.getString("key"), r -> r.getString("mac"))));
    }

    /** What a shadow says of these classes when it asks how they differ from the source. */
    Uni<Map<String, Changes.Held>> held(
            SqlConnection connection, AccountId account, Transfer transfer, List<RecordClass> classes) {
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(c -> buckets(connection, account, c.name())
                        .map(buckets -> Map.entry(
                                c.name(), Changes.Held.of(c.versioned() ? transfer.cursor(c.name()) : -1, buckets))))
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    Uni<Void> drop(SqlConnection connection, AccountId account, String recordClass, Collection<String> keys) {
        if (keys.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery("delete from transfer_mac where account_id = $1 and class = $2 and key = any($3)")
                .execute(Tuple.of(account.value(), recordClass, keys.toArray(String[]::new)))
                .replaceWithVoid();
    }

    /** A class without versions is small, and kept elsewhere: it is read whole. */
    private Uni<Void> replace(
            SqlConnection connection,
            AccountId account,
            byte[] key,
            RecordClass recordClass,
            List<DataRecord> records) {
        return known(connection, account, recordClass.name())
                .flatMap(known -> {
                    records.forEach(r -> known.remove(r.key()));
                    return drop(connection, account, recordClass.name(), known.keySet());
                })
                .flatMap(v -> put(connection, account, key, recordClass.name(), records));
    }

    /**
     * Writes of an account commit in version order, so what changed is above the highest version digested; what is gone shows
     * in the count, and only then everything is compared.
     */
    private Uni<Void> refreshChanged(SqlConnection connection, AccountId account, byte[] key, RecordClass recordClass) {
        return putNewer(connection, account, key, recordClass)
                .flatMap(v -> digested(connection, account, recordClass))
                .flatMap(digested -> recordClass
                        .count(connection, account)
                        .flatMap(there -> there == digested.count()
                                ? Uni.createFrom().voidItem()
                                : compare(connection, account, key, recordClass)));
    }

    private Uni<Void> putNewer(SqlConnection connection, AccountId account, byte[] key, RecordClass recordClass) {
        return digested(connection, account, recordClass).flatMap(digested -> recordClass
                .after(connection, account, digested.version(), BATCH)
                .flatMap(records -> put(connection, account, key, recordClass.name(), records)
                        .flatMap(v -> records.size() < BATCH
                                ? Uni.createFrom().voidItem()
                                : putNewer(connection, account, key, recordClass))));
    }

    private record Digested(long count, long version) {}

    private static Uni<Digested> digested(SqlConnection connection, AccountId account, RecordClass recordClass) {
        return connection
                .preparedQuery("select count(*) as count, coalesce(max(version), -1) as version from transfer_mac"
                        + " where account_id = $1 and class = $2")
                .execute(Tuple.of(account.value(), recordClass.name()))
                .map(rows -> rows.iterator().next())
                .map(r -> new Digested(r.getLong("count"), r.getLong("version")));
    }

    private Uni<Void> compare(SqlConnection connection, AccountId account, byte[] key, RecordClass recordClass) {
        return recordClass.versions(connection, account).flatMap(there -> known(connection, account, recordClass.name())
                .flatMap(known -> {
                    var gone = known.keySet().stream()
                            .filter(k -> !there.containsKey(k))
                            .toList();
                    var changed = there.entrySet().stream()
                            .filter(e -> !e.getValue().equals(known.get(e.getKey())))
                            .map(Map.Entry::getKey)
                            .toList();
                    return drop(connection, account, recordClass.name(), gone)
                            .flatMap(v -> redigest(connection, account, key, recordClass, changed));
                }));
    }

    private Uni<Void> redigest(
            SqlConnection connection, AccountId account, byte[] key, RecordClass recordClass, List<String> keys) {
        var batches = new ArrayList<List<String>>();
        for (int from = 0; from < keys.size(); from += BATCH) {
            batches.add(keys.subList(from, Math.min(keys.size(), from + BATCH)));
        }
        return Multi.createFrom()
                .iterable(batches)
                .onItem()
                .transformToUniAndConcatenate(batch -> recordClass
                        .byKeys(connection, account, batch)
                        .flatMap(records -> put(connection, account, key, recordClass.name(), records)))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private static Uni<ClassDigest> digest(SqlConnection connection, AccountId account, String recordClass) {
        return connection
                .preparedQuery("select count(*) as count, encode(sha256(coalesce(string_agg(mac, ''::bytea order by"
                        + " key), ''::bytea)), 'hex') as digest from transfer_mac where account_id = $1 and"
                        + " class = $2")
                .execute(Tuple.of(account.value(), recordClass))
                .map(rows -> rows.iterator().next())
                .map(r -> new ClassDigest(r.getLong("count"), r.getString("digest")));
    }

    private static Uni<Map<String, Long>> known(SqlConnection connection, AccountId account, String recordClass) {
        return connection
                .preparedQuery("select key, version from transfer_mac where account_id = $1 and class = $2")
                .execute(Tuple.of(account.value(), recordClass))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(r -> r.getString("key"), r -> r.getLong("version"))));
    }
}
