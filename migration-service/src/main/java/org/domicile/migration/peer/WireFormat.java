package org.domicile.migration.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Records of the wire to JSON and back. */
@ApplicationScoped
public class WireFormat {
    private final ObjectMapper mapper;

    @Inject
    public WireFormat(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    public JsonObject write(Object record) {
        try {
            return new JsonObject(mapper.writeValueAsString(record));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + record.getClass(), e);
        }
    }

    /** @throws IllegalArgumentException if the JSON is not such a record */
    public <T> T read(JsonObject json, Class<T> type) {
        try {
            return mapper.readValue(json.encode(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName(), e);
        }
    }
}
