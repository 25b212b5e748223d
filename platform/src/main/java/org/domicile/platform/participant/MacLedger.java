package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
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
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.participant.MacTable.Digested;
import org.domicile.platform.participant.Transfer.Brace;

/**
 * The MACs of a moving account's records, kept beside them: each record is digested once, when it is copied, and again only if it
 * changed; the digest of a class is then one aggregate. Both ends compute theirs from what their own database gives back.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class MacLedger {
    private static final int BATCH = 500;
    private static final int PASSES = 4;

    private final MacTable table = new MacTable();
    private final Participant participant;

    @Inject
    MacLedger(Participant participant) {
        this.participant = participant;
    }

    Uni<Void> put(
            SqlConnection connection, AccountId account, byte[] key, String recordClass, List<DataRecord> records) {
        return table.put(connection, account, key, recordClass, records);
    }

    Uni<Void> drop(SqlConnection connection, AccountId account, String recordClass, Collection<String> keys) {
        return table.drop(connection, account, recordClass, keys);
    }

    Uni<Map<Integer, ClassDigest>> buckets(SqlConnection connection, AccountId account, String recordClass) {
        return table.buckets(connection, account, recordClass);
    }

    Uni<Map<String, String>> keys(
            SqlConnection connection, AccountId account, String recordClass, Collection<Integer> buckets) {
        return table.keys(connection, account, recordClass, buckets);
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

    /**
     * In the transaction that froze the source: what came after the shadow said what it had. Of a class of which that is more than a
     * batch nothing is told; what is gone of a class is told where all of it is no more than a batch.
     *
     * @param shadow as {@link Brace#shadow}
     * @return class → changes, of the classes that differ
     */
    Uni<Map<String, Changes>> since(
            SqlConnection connection, AccountId account, JsonObject shadow, SortedMap<String, ClassDigest> sealed) {
        return Multi.createFrom()
                .iterable(participant.classes())
                .filter(c -> c.versioned() && shadow.containsKey(c.name()))
                .filter(c -> !digested(shadow, c).digest().equals(sealed.get(c.name())))
                .onItem()
                .transformToUniAndConcatenate(
                        c -> since(connection, account, c, digested(shadow, c).version(), sealed.get(c.name()))
                                .map(changes -> Map.entry(c.name(), changes)))
                .filter(e -> e.getValue().records().size() < BATCH)
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Uni<Changes> since(
            SqlConnection connection, AccountId account, RecordClass recordClass, long version, ClassDigest sealed) {
        var records = recordClass.after(connection, account, version, BATCH);
        return sealed.count() > BATCH
                ? records.map(Changes::newer)
                : Uni.combine()
                        .all()
                        .unis(records, table.keys(connection, account, recordClass.name()))
                        .with(Changes::whole);
    }

    private static Digested digested(JsonObject digests, RecordClass recordClass) {
        return Digested.of(digests.getJsonObject(recordClass.name()));
    }

    /** Whether a class is kept outside the database: its MACs are only as new as the last look. */
    boolean looksElsewhere() {
        return participant.classes().stream().anyMatch(c -> !c.versioned());
    }

    /**
     * Whether the transaction that freezes can make the manifest too.
     *
     * @param braced whether what is kept outside the database was sealed for this freeze already
     */
    boolean sealsAtOnce(boolean braced) {
        return !participant.awaitsCommands() && (braced || !looksElsewhere());
    }

    /** At the source that is to be frozen at the epoch, and at its shadow: lets what is kept outside the database change no more, and digests it. */
    Uni<Void> sealElsewhere(SqlConnection connection, AccountId account, byte[] key, long epoch) {
        return lookElsewhere(connection, account, key, c -> c.seal(connection, account, epoch));
    }

    /** Digests what is kept outside the database. */
    Uni<Void> lookElsewhere(SqlConnection connection, AccountId account, byte[] key) {
        return lookElsewhere(connection, account, key, c -> c.after(connection, account, -1, BATCH));
    }

    /** Digests what is there, while it may go on changing. */
    Uni<Void> refreshAll(SqlConnection connection, AccountId account, byte[] key) {
        return lookElsewhere(connection, account, key)
                .flatMap(looked -> catchUp(connection, account, key, PASSES))
                .replaceWithVoid();
    }

    /**
     * Class → digest of what the database has and of what was seen elsewhere, so that little is left for the fence. As
     * {@link Brace#digests}.
     */
    Uni<Braced> brace(SqlConnection connection, AccountId account, byte[] key) {
        return catchUp(connection, account, key, PASSES)
                .flatMap(level -> table.digestedBut(connection, account, List.of())
                        .map(digested -> new Braced(level, json(digested))));
    }

    /** @param level whether the MACs are in line with all that was written before this began */
    record Braced(boolean level, JsonObject digests) {}

    private JsonObject json(Map<String, Digested> digested) {
        var json = new JsonObject();
        participant
                .classes()
                .forEach(c -> json.put(
                        c.name(),
                        digested.getOrDefault(c.name(), Digested.NOTHING).toJson()));
        return json;
    }

    /**
     * Brings the MACs in line while the account may go on changing. What is gone shows only when nothing is newer, so a pass that found
     * newer records is followed by another; a writer who is never done is not waited for.
     *
     * @param passes at most, of those that found less than a batch
     * @return whether the last one found nothing
     */
    private Uni<Boolean> catchUp(SqlConnection connection, AccountId account, byte[] key, int passes) {
        return table.digestedBut(connection, account, List.of())
                .flatMap(digested -> stale(connection, account, digested))
                .flatMap(stale -> {
                    if (stale.isEmpty() || passes == 0) {
                        return Uni.createFrom().item(stale.isEmpty());
                    }
                    var full = stale.stream().anyMatch(s -> s.newer().size() >= BATCH);
                    return each(stale, s -> bring(connection, account, key, s))
                            .flatMap(v -> catchUp(connection, account, key, full ? passes : passes - 1));
                });
    }

    private Uni<Void> bring(SqlConnection connection, AccountId account, byte[] key, Stale stale) {
        var recordClass = stale.recordClass();
        return stale.newer().isEmpty()
                ? compare(connection, account, key, recordClass)
                : put(connection, account, key, recordClass.name(), stale.newer());
    }

    /** What the database holds, brought in line, and what was seen elsewhere at the last look. */
    Uni<Manifest> manifest(SqlConnection connection, AccountId account, byte[] key, long counter) {
        return manifest(connection, account, key, counter, level(connection, account, key, new HashMap<>()));
    }

    /** Of the MACs as they stand. */
    Uni<Manifest> manifestAsItStands(SqlConnection connection, AccountId account, byte[] key, long counter) {
        return manifest(connection, account, key, counter, digests(connection, account));
    }

    /** The same where a brace was made for this fence: digests that it kept are not made again. */
    Uni<Manifest> manifest(SqlConnection connection, AccountId account, byte[] key, long counter, Brace brace) {
        if (participant.digestsItself()) {
            return manifest(connection, account, key, counter);
        }
        var kept = kept(brace);
        return manifest(
                connection,
                account,
                key,
                counter,
                brace.level() == counter
                        ? table.digestedBut(connection, account, kept.keySet()).map(digested -> classes(digested, kept))
                        : level(connection, account, key, kept));
    }

    private Uni<Manifest> manifest(
            SqlConnection connection,
            AccountId account,
            byte[] key,
            long counter,
            Uni<SortedMap<String, ClassDigest>> digests) {
        return Uni.combine()
                .all()
                .unis(
                        digests.flatMap(kept -> participant.digested(connection, account, key, kept)),
                        participant.projections(connection, account))
                .with((classes, projections) -> new Manifest(counter, classes, projections));
    }

    private static Map<String, Digested> kept(Brace brace) {
        var kept = new HashMap<String, Digested>();
        brace.digests().forEach(e -> kept.put(e.getKey(), Digested.of((JsonObject) e.getValue())));
        return kept;
    }

    /** Class → digest, of the MACs as they stand. */
    Uni<SortedMap<String, ClassDigest>> digests(SqlConnection connection, AccountId account) {
        return table.digestedBut(connection, account, List.of()).map(digested -> classes(digested, Map.of()));
    }

    private SortedMap<String, ClassDigest> classes(Map<String, Digested> digested, Map<String, Digested> kept) {
        var classes = new TreeMap<String, ClassDigest>();
        participant
                .classes()
                .forEach(c -> classes.put(
                        c.name(),
                        kept.getOrDefault(c.name(), digested.getOrDefault(c.name(), Digested.NOTHING))
                                .digest()));
        return classes;
    }

    /** A class whose MACs are not as its records: newer ones, about a batch of them, or none, and then some are gone. */
    private record Stale(RecordClass recordClass, List<DataRecord> newer) {}

    /**
     * Brings the MACs in line with the database: only what changed is read. Writes of an account commit in version order, so what
     * changed is above the highest version digested; what is gone shows in the count, and only then everything is compared.
     */
    private Uni<SortedMap<String, ClassDigest>> level(
            SqlConnection connection, AccountId account, byte[] key, Map<String, Digested> kept) {
        return table.digestedBut(connection, account, kept.keySet()).flatMap(made -> {
            var digested = new HashMap<>(made);
            digested.putAll(kept);
            return stale(connection, account, digested).flatMap(stale -> {
                if (stale.isEmpty()) {
                    return Uni.createFrom().item(classes(made, kept));
                }
                stale.forEach(s -> kept.remove(s.recordClass().name()));
                var newer = stale.stream().filter(s -> !s.newer().isEmpty()).toList();
                return newer.isEmpty()
                        ? each(stale, s -> bring(connection, account, key, s))
                                .flatMap(v -> digests(connection, account))
                        : each(newer, s -> bring(connection, account, key, s))
                                .flatMap(v -> level(connection, account, key, kept));
            });
        });
    }

    /** All classes in one round trip: writes wait for this under the fence. */
    private Uni<List<Stale>> stale(SqlConnection connection, AccountId account, Map<String, Digested> digested) {
        var looks = participant.classes().stream()
                .filter(RecordClass::versioned)
                .map(c -> stale(connection, account, c, digested.getOrDefault(c.name(), Digested.NOTHING)))
                .toList();
        return looks.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(looks).andFailFast().map(all -> all.stream()
                        .flatMap(List::stream)
                        .toList());
    }

    private static Uni<List<Stale>> stale(
            SqlConnection connection, AccountId account, RecordClass recordClass, Digested digested) {
        return Uni.combine()
                .all()
                .unis(
                        recordClass.after(connection, account, digested.version(), BATCH),
                        recordClass.count(connection, account))
                .with((newer, count) ->
                        newer.isEmpty() && count == digested.digest().count()
                                ? List.of()
                                : List.of(new Stale(recordClass, newer)));
    }

    private Uni<Void> lookElsewhere(
            SqlConnection connection,
            AccountId account,
            byte[] key,
            Function<RecordClass, Uni<List<DataRecord>>> read) {
        var elsewhere =
                participant.classes().stream().filter(c -> !c.versioned()).toList();
        return each(
                elsewhere, c -> read.apply(c).flatMap(records -> replace(connection, account, key, c.name(), records)));
    }

    /** A class without versions is small: it is read whole. */
    private Uni<Void> replace(
            SqlConnection connection, AccountId account, byte[] key, String recordClass, List<DataRecord> records) {
        return table.versions(connection, account, recordClass)
                .flatMap(known -> {
                    records.forEach(r -> known.remove(r.key()));
                    return drop(connection, account, recordClass, known.keySet());
                })
                .flatMap(v -> put(connection, account, key, recordClass, records));
    }

    private Uni<Void> compare(SqlConnection connection, AccountId account, byte[] key, RecordClass recordClass) {
        return recordClass.versions(connection, account).flatMap(there -> table.versions(
                        connection, account, recordClass.name())
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
        return each(batches, batch -> recordClass
                .byKeys(connection, account, batch)
                .flatMap(records -> put(connection, account, key, recordClass.name(), records)));
    }

    private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> work.apply(item).replaceWith(true))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
