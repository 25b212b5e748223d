package org.domicile.platform.participant;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One record of a class of data, in canonical plaintext: what moves, and what is digested.
 *
 * @param key unique within the account and class
 * @param version the account's counter when it was last written; 0 in a class without versions
 * @param data members without the account id, without region-local ones, decrypted where the region encrypts
 */
public record DataRecord(String key, long version, JsonObject data) {
    public JsonObject toJson() {
        return new JsonObject().put("key", key).put("version", version).put("data", data);
    }

    public static DataRecord of(JsonObject json) {
        return new DataRecord(json.getString("key"), json.getLong("version"), json.getJsonObject("data"));
    }

    public static List<DataRecord> list(JsonArray array) {
        return IntStream.range(0, array.size())
                .mapToObj(i -> of(array.getJsonObject(i)))
                .toList();
    }
}
