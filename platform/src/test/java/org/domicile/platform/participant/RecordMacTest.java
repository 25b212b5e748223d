package org.domicile.platform.participant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordMacTest {
    private final RecordMac mac = new RecordMac(new byte[32]);

    @Test
    void the_order_of_members_does_not_count_at_any_depth() {
        assertArrayEquals(
                of("k", 1, "{\"a\":1,\"b\":{\"c\":[{\"d\":1,\"e\":2}],\"f\":null}}"),
                of("k", 1, "{\"b\":{\"f\":null,\"c\":[{\"e\":2,\"d\":1}]},\"a\":1}"));
    }

    @Test
    void everything_else_counts() {
        var one = of("k", 1, "{\"a\":[1,2]}");
        assertFalse(Arrays.equals(one, of("k", 1, "{\"a\":[2,1]}")));
        assertFalse(Arrays.equals(one, of("k", 2, "{\"a\":[1,2]}")));
        assertFalse(Arrays.equals(one, of("l", 1, "{\"a\":[1,2]}")));
        assertFalse(Arrays.equals(one, of("k", 1, "{\"a\":[1,2],\"b\":null}")));
        assertFalse(Arrays.equals(
                one, mac.of("other", new DataRecord("k", 1, new JsonObject().put("a", new JsonArray("[1,2]"))))));
    }

    private byte[] of(String key, long version, String json) {
        return mac.of("notes", new DataRecord(key, version, new JsonObject(json)));
    }
}
