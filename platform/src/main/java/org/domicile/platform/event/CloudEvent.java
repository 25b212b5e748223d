package org.domicile.platform.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * An event as it travels on Kafka: CloudEvents 1.0, structured JSON. Its data holds ids, states, versions and digests, never
 * personal content.
 *
 * @param source {@code /<region>/<service>}
 * @param type reverse-DNS name with a version, such as {@code org.domicile.account.opened.v1}
 * @param subject the account
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@RegisterForReflection
public record CloudEvent(
        String specversion,
        String id,
        String source,
        String type,
        String subject,
        Instant time,
        String datacontenttype,
        JsonObject data) {
    public static CloudEvent of(String source, String type, String subject, Instant time, JsonObject data) {
        return new CloudEvent(
                "1.0", UUID.randomUUID().toString(), source, type, subject, time, "application/json", data);
    }

    /** @throws IllegalArgumentException if the text is not a CloudEvent */
    public static CloudEvent parse(String text) {
        try {
            var json = new JsonObject(text);
            return new CloudEvent(
                    json.getString("specversion"),
                    json.getString("id"),
                    json.getString("source"),
                    json.getString("type"),
                    json.getString("subject"),
                    Instant.parse(json.getString("time")),
                    json.getString("datacontenttype"),
                    json.getJsonObject("data", new JsonObject()));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not a CloudEvent", e);
        }
    }

    public AccountId account() {
        return AccountId.parse(subject);
    }

    public String toJson() {
        return new JsonObject()
                .put("specversion", specversion)
                .put("id", id)
                .put("source", source)
                .put("type", type)
                .put("subject", subject)
                .put("time", time.toString())
                .put("datacontenttype", datacontenttype)
                .put("data", data)
                .encode();
    }
}
