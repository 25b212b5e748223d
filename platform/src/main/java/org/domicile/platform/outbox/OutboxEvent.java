package org.domicile.platform.outbox;

import io.vertx.core.json.JsonObject;

/**
 * A fact to publish: where, keyed by what (an account id; a wave id on {@code migration.jobs}), its type and its data; null data
 * delete the key from a compacted topic.
 */
public record OutboxEvent(String topic, String key, String type, JsonObject data) {
    public OutboxEvent(String topic, Object key, String type, JsonObject data) {
        this(topic, key.toString(), type, data);
    }

    /** Deletes a key from a compacted topic. */
    public static OutboxEvent deleted(String topic, Object key) {
        return new OutboxEvent(topic, key.toString(), null, null);
    }
}
