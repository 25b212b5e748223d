package org.domicile.messaging.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The npm library web-push, in a Node.js of its own, over TLS with the test's authority. */
public final class NodeSender {
    private static final String VERSION = "web-push@3.6.7";
    private static final Path FOLDER = Path.of("target/web-push").toAbsolutePath();
    private static final Path SCRIPT = Path.of("src/test/resources/web-push/send.js");

    private NodeSender() {}

    /** Fetches the library once. @return empty, or why it cannot be used here */
    public static Optional<String> missing() {
        try {
            if (Files.exists(FOLDER.resolve("node_modules/web-push"))) {
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

    /** Sends one message. @return {@code status} and {@code location} or {@code body} */
    public static JsonObject send(JsonObject message) {
        try {
            var command = new ArrayList<>(List.of("node", SCRIPT.toString(), FOLDER.toString()));
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("NODE_EXTRA_CA_CERTS", Tls.authority().toString());
            var node = builder.start();
            try (var in = node.getOutputStream()) {
                in.write(message.encode().getBytes(StandardCharsets.UTF_8));
            }
            return new JsonObject(new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
