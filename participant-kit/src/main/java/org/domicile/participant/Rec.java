package org.domicile.participant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A record of a class of data. */
record Rec(String key, long version, JsonNode data) {
    static Rec of(JsonNode json) {
        Broken.unless(
                json.path("key").isTextual()
                        && json.path("version").isIntegralNumber()
                        && json.path("data").isObject(),
                "a record is {key, version, data}, not " + json);
        return new Rec(json.get("key").textValue(), json.get("version").longValue(), json.get("data"));
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("key", key)
                .put("version", version)
                .set("data", data);
    }

    Rec at(long other) {
        return new Rec(key, other, data);
    }

    Rec with(JsonNode other) {
        return new Rec(key, version, other);
    }
}
