package org.domicile.platform.outbox;

import io.vertx.core.json.JsonObject;

/** A fact to publish: where, keyed by what (an account id; a wave id on {@code migration.jobs}), its type and its data. */
public record OutboxEvent(String topic, String key, String type, JsonObject data) {
    public OutboxEvent(String topic, Object key, String type, JsonObject data) {
        this(topic, key.toString(), type, data);
    }
}
