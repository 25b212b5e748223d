package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** JSON on the wire. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** An empty body is an empty object. */
    static JsonNode parse(byte[] body) throws IOException {
        return body.length == 0 ? object() : MAPPER.readTree(body);
    }

    static byte[] bytes(JsonNode json) throws IOException {
        return MAPPER.writeValueAsBytes(json);
    }
}
