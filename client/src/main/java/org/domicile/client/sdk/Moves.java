package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Orders and follows moves; as an operator, or as the owner of the account where the market allows it. */
public final class Moves {
    private final Session session;

    public Moves(Session session) {
        this.session = session;
    }

    /** @param dryRun only says whether it would be allowed */
    public JsonNode order(String accountId, String region, boolean dryRun) throws IOException {
        return session.post(
                Service.MIGRATION,
                "/v1/moves",
                Json.object().put("accountId", accountId).put("to", region).put("dryRun", dryRun));
    }

    public JsonNode get(String moveId) throws IOException {
        return session.get(Service.MIGRATION, "/v1/moves/" + moveId);
    }

    /** The moves of an account that the session's region knows, the newest first. */
    public JsonNode of(String accountId) throws IOException {
        return session.get(Service.MIGRATION, "/v1/moves?account=" + accountId);
    }

    /** Orders the way back, while the move soaks. @return the rollback, a move of its own */
    public JsonNode back(String moveId) throws IOException {
        return session.post(Service.MIGRATION, "/v1/moves/" + moveId + "/rollback", Json.object());
    }

    /** A legal hold: the old home's copy is not purged until it is released. */
    public JsonNode hold(String moveId, String reason) throws IOException {
        return session.post(
                Service.MIGRATION,
                "/v1/moves/" + moveId + "/hold",
                Json.object().put("reason", reason));
    }

    /** Ends the hold; the soak begins anew. */
    public JsonNode release(String moveId) throws IOException {
        return session.post(Service.MIGRATION, "/v1/moves/" + moveId + "/release", Json.object());
    }
}
