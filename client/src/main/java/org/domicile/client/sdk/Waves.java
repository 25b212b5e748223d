package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Orders and follows waves of moves at one region; as an operator. */
public final class Waves {
    private static final String PATH = "/v1/waves";

    private final Session session;

    public Waves(Session session) {
        this.session = session;
    }

    /** @param wave as {@code POST /v1/waves} takes it; with {@code dryRun} the answer is a forecast */
    public JsonNode order(JsonNode wave) throws IOException {
        return session.post(Service.MIGRATION, PATH, wave);
    }

    public JsonNode list() throws IOException {
        return session.get(Service.MIGRATION, PATH);
    }

    public JsonNode get(String id) throws IOException {
        return session.get(Service.MIGRATION, PATH + "/" + id);
    }

    /** A page of the accounts that are stuck. @param after the last account of the page before, or null */
    public JsonNode stuck(String id, String after) throws IOException {
        return session.get(Service.MIGRATION, PATH + "/" + id + "/stuck" + (after == null ? "" : "?after=" + after));
    }

    /** @param order {@code pause}, {@code resume}, {@code cancel} or {@code rollback} */
    public JsonNode tell(String id, String order) throws IOException {
        return session.post(Service.MIGRATION, PATH + "/" + id + "/" + order, Json.object());
    }
}
