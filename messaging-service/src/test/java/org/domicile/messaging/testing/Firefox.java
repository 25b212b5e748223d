package org.domicile.messaging.testing;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Firefox as it is installed, without a window; what it knows stays in its profile when it ends. */
public final class Firefox implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/firefox-esr");
    private static final Pattern LISTENING = Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");
    private static final long PATIENCE_SECONDS = 60;
    private static final String TRUST = """
            Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB).addCertFromBase64('%s', 'CT,C,C')""";

    private final Process process;
    private final CompletableFuture<URI> address = new CompletableFuture<>();
    private final BidiSession session;
    private final String tab;

    private Firefox(Path profile) throws IOException {
        var builder = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--headless",
                        "--no-remote",
                        "--profile",
                        profile.toString(),
                        "--remote-debugging-port",
                        "0",
                        "--remote-allow-system-access")
                .redirectErrorStream(true);
        builder.environment().put("HOME", profile.toString());
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Thread.ofVirtual().start(this::read);
        session = BidiSession.open(
                address.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
        tab = session.context(Map.of());
    }

    /** @return empty, or why it cannot be used here */
    public static Optional<String> missing() {
        return Files.isExecutable(PROGRAM)
                ? Optional.empty()
                : Optional.of("Firefox is not installed (apt-get install firefox-esr)");
    }

    /** @param profile its folder, which need not exist; @param pushServer where its push messages come from; @param authority a PEM file */
    public static Firefox start(Path profile, URI pushServer, Path authority) {
        try {
            Files.createDirectories(profile);
            Files.writeString(profile.resolve("user.js"), preferences(pushServer));
            var firefox = new Firefox(profile);
            firefox.trust(authority);
            return firefox;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void visit(URI page) {
        session.call(
                "browsingContext.navigate",
                new JsonObject().put("context", tab).put("url", page.toString()).put("wait", "complete"));
    }

    /** @return the text that the page's expression, or its promise, comes to */
    public String evaluate(String expression) {
        return session.evaluate(tab, expression);
    }

    /** Ends it as its owner would. */
    @Override
    public void close() {
        session.call("browser.close", new JsonObject());
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private void trust(Path authority) throws IOException {
        try (var lines = Files.lines(authority)) {
            var certificate = lines.filter(line -> !line.startsWith("-----")).collect(Collectors.joining());
            session.evaluate(session.context(Map.of("moz:scope", "chrome")), TRUST.formatted(certificate));
        }
    }

    private static String preferences(URI pushServer) {
        return """
                user_pref("dom.push.serverURL", "%s");
                user_pref("dom.push.connection.enabled", true);
                user_pref("dom.push.retryBaseInterval", 500);
                user_pref("permissions.default.desktop-notification", 1);
                user_pref("network.proxy.type", 0);
                """.formatted(pushServer);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var listening = LISTENING.matcher(line);
                if (listening.find()) {
                    address.complete(URI.create(listening.group(1)));
                }
            }
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
        address.completeExceptionally(new IllegalStateException("Firefox ended"));
    }
}
