package org.domicile.outside.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.outside.HttpsEndpoint;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.participant.DataRecord;

/** The participant API, version 1, as its caller ({@code docs/outside-systems.md}). */
final class ParticipantClient {
    private final HttpsEndpoint endpoint;

    ParticipantClient(HttpsEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Names of the classes of data, in order. */
    Uni<List<String>> classes() {
        return endpoint.get("").map(json -> strings(json.getJsonArray("classes")));
    }

    Uni<RemoteRow> open(AccountId account, long epoch) {
        return endpoint.put(path(account), new JsonObject().put("epoch", epoch)).map(RemoteRow::of);
    }

    Uni<RemoteRow> row(AccountId account) {
        return endpoint.get(path(account)).map(RemoteRow::of);
    }

    Uni<RemoteRow> command(String jws) {
        return endpoint.post("/commands", new JsonObject().put("jws", jws)).map(RemoteRow::of);
    }

    Uni<List<DataRecord>> recordsAfter(AccountId account, String recordClass, long version, int limit) {
        return endpoint.get(path(account, recordClass) + "?after=" + version + "&limit=" + limit)
                .map(json -> DataRecord.list(json.getJsonArray("records")));
    }

    Uni<List<DataRecord>> recordsOf(AccountId account, String recordClass, Collection<String> keys) {
        return endpoint.post(path(account, recordClass), new JsonObject().put("keys", new JsonArray(List.copyOf(keys))))
                .map(json -> DataRecord.list(json.getJsonArray("records")));
    }

    Uni<Map<String, Long>> versions(AccountId account, String recordClass) {
        return endpoint.get(path(account) + "/keys/" + encoded(recordClass)).map(json -> {
            var versions = new HashMap<String, Long>();
            json.getJsonObject("keys").forEach(e -> versions.put(e.getKey(), ((Number) e.getValue()).longValue()));
            return versions;
        });
    }

    /** A shadow write: takes newer records, drops keys. */
    Uni<Void> write(
            AccountId account,
            String recordClass,
            long shadowEpoch,
            Collection<DataRecord> records,
            Collection<String> removed) {
        return endpoint.put(
                        path(account, recordClass),
                        new JsonObject()
                                .put("shadowEpoch", shadowEpoch)
                                .put(
                                        "records",
                                        new JsonArray(records.stream()
                                                .map(DataRecord::toJson)
                                                .toList()))
                                .put("remove", new JsonArray(List.copyOf(removed))))
                .replaceWithVoid();
    }

    Uni<SortedMap<String, ClassDigest>> digests(AccountId account, byte[] macKey) {
        return endpoint.post(
                        path(account) + "/digest",
                        new JsonObject().put("key", Base64.getEncoder().encodeToString(macKey)))
                .map(json -> {
                    var digests = new TreeMap<String, ClassDigest>();
                    json.getJsonObject("classes")
                            .forEach(e -> digests.put(
                                    e.getKey(),
                                    new ClassDigest(
                                            ((JsonObject) e.getValue()).getLong("count"),
                                            ((JsonObject) e.getValue()).getString("digest"))));
                    return digests;
                });
    }

    private static String path(AccountId account) {
        return "/accounts/" + account;
    }

    private static String path(AccountId account, String recordClass) {
        return path(account) + "/records/" + encoded(recordClass);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static List<String> strings(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }
}
