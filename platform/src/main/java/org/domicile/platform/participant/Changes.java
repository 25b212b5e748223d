package org.domicile.platform.participant;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.domicile.platform.fence.ClassDigest;

/**
 * How one class of a frozen source differs from its shadow: one exchange instead of one for buckets, one for keys and one for
 * records.
 *
 * @param records above the shadow's cursor, about a batch of them at most
 * @param buckets that differ (0–255)
 * @param macs key → MAC (hex) of everything that the source has in those buckets
 */
record Changes(List<DataRecord> records, List<Integer> buckets, Map<String, String> macs) {
    private static final List<Integer> ALL = IntStream.range(0, 256).boxed().toList();

    /** Of a class that is told whole: what the shadow has besides is gone at the source. */
    static Changes whole(List<DataRecord> records, Map<String, String> macs) {
        return new Changes(records, ALL, macs);
    }

    /** Of a class that is too large for that. */
    static Changes newer(List<DataRecord> records) {
        return new Changes(records, List.of(), Map.of());
    }

    static Map<String, Changes> ofClasses(JsonObject json) {
        var changes = new HashMap<String, Changes>();
        json.forEach(e -> changes.put(e.getKey(), of((JsonObject) e.getValue())));
        return changes;
    }

    static JsonObject toJson(Map<String, Changes> classes) {
        var json = new JsonObject();
        classes.forEach((name, changes) -> json.put(name, changes.toJson()));
        return json;
    }

    /**
     * What the shadow says of itself.
     *
     * @param after highest version copied
     * @param buckets bucket → digest of those that are not empty
     */
    record Held(long after, Map<Integer, String> buckets) {
        static Held of(long after, Map<Integer, ClassDigest> buckets) {
            var digests = new HashMap<Integer, String>();
            buckets.forEach((bucket, digest) -> digests.put(bucket, digest.digest()));
            return new Held(after, digests);
        }

        static Held of(JsonObject json) {
            var digests = new HashMap<Integer, String>();
            json.getJsonObject("buckets").forEach(e -> digests.put(Integer.valueOf(e.getKey()), (String) e.getValue()));
            return new Held(json.getLong("after"), digests);
        }

        JsonObject toJson() {
            var digests = new JsonObject();
            buckets.forEach((bucket, digest) -> digests.put(bucket.toString(), digest));
            return new JsonObject().put("after", after).put("buckets", digests);
        }

        /** Buckets that are not the same there. */
        List<Integer> differing(Map<Integer, ClassDigest> there) {
            var theirs = of(after, there).buckets();
            return Stream.concat(buckets.keySet().stream(), theirs.keySet().stream())
                    .distinct()
                    .filter(b -> !Objects.equals(buckets.get(b), theirs.get(b)))
                    .toList();
        }
    }

    static Changes of(JsonObject json) {
        var macs = new HashMap<String, String>();
        json.getJsonObject("macs").forEach(e -> macs.put(e.getKey(), (String) e.getValue()));
        return new Changes(
                DataRecord.list(json.getJsonArray("records")),
                json.getJsonArray("buckets").stream()
                        .map(b -> ((Number) b).intValue())
                        .toList(),
                macs);
    }

    JsonObject toJson() {
        var keys = new JsonObject();
        macs.forEach(keys::put);
        return new JsonObject()
                .put(
                        "records",
                        new JsonArray(records.stream().map(DataRecord::toJson).toList()))
                .put("buckets", new JsonArray(buckets))
                .put("macs", keys);
    }

    /** Keys that the shadow has otherwise, or that are gone at the source. */
    List<String> toDrop(Map<String, String> mine) {
        return differing(mine, macs);
    }

    /** Keys that the shadow lacks, or has otherwise. */
    List<String> toBring(Map<String, String> mine) {
        return differing(macs, mine);
    }

    private static List<String> differing(Map<String, String> these, Map<String, String> those) {
        return these.entrySet().stream()
                .filter(e -> !e.getValue().equals(those.get(e.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
