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

    /** @return the receipt's compact JWS, for {@link SignedReceipt#verify} */
    public String receipt(String receiptId) throws IOException {
        return session.text(Service.MIGRATION, "/v1/receipts/" + receiptId);
    }
}
