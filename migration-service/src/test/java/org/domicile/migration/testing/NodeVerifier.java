package org.domicile.migration.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.domicile.tlog.LogProof;
import org.domicile.tlog.RegionLog;

/** The verifier of Sigstore's npm library, which shares no line with ours, in a Node.js of its own. */
public final class NodeVerifier {
    private static final String VERSION = "@sigstore/verify@3.1.1";
    private static final Path FOLDER = Path.of("target/sigstore").toAbsolutePath();
    private static final Path SCRIPT = Path.of("src/test/resources/sigstore/verify.js");

    private NodeVerifier() {}

    /** Fetches the library once. @return empty, or why it cannot be used here */
    public static Optional<String> missing() {
        try {
            if (Files.exists(FOLDER.resolve("node_modules/@sigstore/verify"))) {
                return Optional.empty();
            }
            Files.createDirectories(FOLDER);
            var log = FOLDER.resolve("npm.log").toFile();
            var npm = new ProcessBuilder(
                            "npm",
                            "install",
                            "--no-save",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            FOLDER.toString(),
                            VERSION)
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            return npm.waitFor(2, TimeUnit.MINUTES) && npm.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(VERSION + " could not be fetched, see " + log);
        } catch (IOException e) {
            return Optional.of("Node.js and npm are not installed (apt-get install nodejs npm)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
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
        var node = new ProcessBuilder("node", SCRIPT.toString(), FOLDER.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = node.getOutputStream()) {
            in.write(input.encode().getBytes(StandardCharsets.UTF_8));
        }
        return new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
