package org.domicile.migration.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.testing.NodeScript;
import org.domicile.tlog.LogProof;
import org.domicile.tlog.RegionLog;

/** The verifier of Sigstore's npm library, which shares no line with ours, in a Node.js of its own. */
public final class NodeVerifier {
    private static final NodeScript SCRIPT = NodeScript.of("@sigstore/verify@3.1.1", "sigstore", "verify.js");

    private NodeVerifier() {}

    /** @return empty, or why it cannot be used here */
    public static Optional<String> missing() {
        return SCRIPT.missing();
    }

    /** @return {@code good}, or what the library finds wrong */
    public static String verify(LogProof proof, byte[] entry, RegionLog log) throws IOException {
        var hashes = new JsonArray();
        proof.hashes().forEach(hash -> hashes.add(hash.toString()));
        var input = new JsonObject()
                .put("entry", Base64.getEncoder().encodeToString(entry))
                .put("index", Long.toString(proof.index()))
                .put("hashes", hashes)
                .put("checkpoint", proof.checkpoint().toString())
                .put("name", log.author().name())
                .put("keyId", HexFormat.of().formatHex(log.author().id()))
                .put("key", Base64.getEncoder().encodeToString(log.key().getEncoded()));
        return SCRIPT.run(input.encode(), Map.of());
    }
}
