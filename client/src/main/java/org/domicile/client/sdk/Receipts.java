package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Receipts of what happened to an account: at the home that issued them. */
public final class Receipts {
    private final Session session;

    public Receipts(Session session) {
        this.session = session;
    }

    /** The owner's, the newest first: {@code id}, {@code kind}, {@code issuedAt}. */
    public JsonNode list() throws IOException {
        return session.get(Service.MIGRATION, "/v1/receipts");
    }

    /** A compact JWS, for {@link SignedReceipt#verify}. */
    public String signed(String id) throws IOException {
        return session.text(Service.MIGRATION, "/v1/receipts/" + id);
    }

    /**
     * A text file for {@link ReceiptProof#verify}, against the log's newest checkpoint: other regions' signatures of it may follow
     * within seconds.
     *
     * @throws org.domicile.client.http.ProblemException 503 in the second before the log has the receipt
     */
    public String proof(String id) throws IOException {
        return session.text(Service.MIGRATION, "/v1/receipts/" + id + "/proof");
    }
}
