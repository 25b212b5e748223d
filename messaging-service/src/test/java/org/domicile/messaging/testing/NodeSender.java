package org.domicile.messaging.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.testing.NodeScript;

/** The npm library web-push, in a Node.js of its own, over TLS with the test's authority. */
public final class NodeSender {
    private static final NodeScript SCRIPT = NodeScript.of("web-push@3.6.7", "web-push", "send.js");

    private NodeSender() {}

    /** @return empty, or why it cannot be used here */
    public static Optional<String> missing() {
        return SCRIPT.missing();
    }

    /** Sends one message. @return {@code status} and {@code location} or {@code body} */
    public static JsonObject send(JsonObject message) {
        try {
            var authority = Map.of("NODE_EXTRA_CA_CERTS", Tls.authority().toString());
            return new JsonObject(SCRIPT.run(message.encode(), authority));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
