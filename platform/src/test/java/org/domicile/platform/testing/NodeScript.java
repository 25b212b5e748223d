package org.domicile.platform.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A script of Node.js that uses one library of npm.
 *
 * @param library with its version, such as {@code web-push@3.6.7}
 * @param folder where it is fetched to; the script's first argument
 * @param script reads a text and answers with one
 */
public record NodeScript(String library, Path folder, Path script) {
    private static final long FETCH_MINUTES = 2;

    /** In a test module: the folder in {@code target}, the script among the resources. */
    public static NodeScript of(String library, String folder, String script) {
        return new NodeScript(
                library, Path.of("target", folder).toAbsolutePath(), Path.of("src/test/resources", folder, script));
    }

    /** Fetches the library once. @return empty, or why it cannot be used here */
    public Optional<String> missing() {
        try {
            if (Files.exists(folder.resolve("node_modules").resolve(library.substring(0, library.lastIndexOf('@'))))) {
                return Optional.empty();
            }
            Files.createDirectories(folder);
            var log = folder.resolve("npm.log").toFile();
            var npm = new ProcessBuilder(
                            "npm",
                            "install",
                            "--no-save",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            folder.toString(),
                            library)
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            return npm.waitFor(FETCH_MINUTES, TimeUnit.MINUTES) && npm.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(library + " could not be fetched, see " + log);
        } catch (IOException e) {
            return Optional.of("Node.js and npm are not installed (apt-get install nodejs npm)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @return what the script says to the input */
    public String run(String input, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder("node", script.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        var node = builder.start();
        try (var in = node.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
