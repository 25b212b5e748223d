package org.domicile.account.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.TestAuthority;

/** A real Keycloak with the provider jar and the realm of this repository, in a process of its own that ends with this JVM. */
final class KeycloakProcess {
    static final String SECRET = "test-account-service";
    static final String OPERATOR = "operator";
    static final String OPERATOR_PASSWORD = "operator-password-1";

    private static final Path DEPLOY =
            Path.of("..", "deploy", "keycloak").toAbsolutePath().normalize();
    private static final int START_SECONDS = 240;

    private final Path home;
    private final int port;

    private KeycloakProcess(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    /** Starts one and waits until it answers. @param resolver account-service's peer listener */
    static KeycloakProcess start(TestAuthority authority, String resolver) {
        var keycloak = new KeycloakProcess(distribution(), FreePorts.next());
        try {
            keycloak.install();
            keycloak.run(authority, resolver);
            return keycloak;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "https://localhost:" + port;
    }

    private static Path distribution() {
        try (var folders = Files.list(Path.of("target", "keycloak").toAbsolutePath())) {
            return folders.filter(f -> f.getFileName().toString().startsWith("keycloak-"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("Keycloak is not unpacked: run the phase pre-integration-test", e);
        }
    }

    private void install() throws IOException {
        update(provider(), home.resolve("providers/domicile.jar"));
        var imports = Files.createDirectories(home.resolve("data/import"));
        update(DEPLOY.resolve("realm/domicile-realm.json"), imports.resolve("domicile-realm.json"));
    }

    /** Leaves an equal file alone: Keycloak builds itself again, for half a minute, when a provider's time changes. */
    private static void update(Path from, Path to) throws IOException {
        if (!Files.exists(to) || Files.mismatch(from, to) >= 0) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path provider() throws IOException {
        try (var jars = Files.list(DEPLOY.resolve("target"))) {
            return jars.filter(f -> f.getFileName().toString().matches("domicile-keycloak-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the provider jar is not built: add deploy/keycloak to -pl"));
        }
    }

    private void run(TestAuthority authority, String resolver) throws IOException {
        var log = home.resolve("keycloak.log").toFile();
        var certificate = authority.issue("cn-north.keycloak");
        var key = authority.keyOf("cn-north.keycloak");
        var builder = new ProcessBuilder(List.of(
                        home.resolve("bin/kc.sh").toString(),
                        "start",
                        "--db=dev-mem",
                        "--cache=local",
                        "--import-realm",
                        "--http-enabled=false",
                        "--http-management-port=" + FreePorts.next(),
                        "--https-port=" + port,
                        "--hostname=" + url(),
                        "--https-certificate-file=" + certificate,
                        "--https-certificate-key-file=" + key))
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().put("DOMICILE_RP_ID", "localhost");
        builder.environment().put("DOMICILE_OPERATOR_USERNAME", OPERATOR);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "JAVA_OPTS_KC_HEAP",
                        "-Xms64m -Xmx400m -XX:TieredStopAtLevel=1",
                        "DOMICILE_ACCOUNT_SECRET",
                        SECRET,
                        "DOMICILE_OPERATOR_PASSWORD",
                        OPERATOR_PASSWORD,
                        "KC_SPI_DOMICILE__RESOLVER__URL",
                        resolver,
                        "KC_SPI_DOMICILE__RESOLVER__CERTIFICATE",
                        certificate.toString(),
                        "KC_SPI_DOMICILE__RESOLVER__KEY",
                        key.toString(),
                        "KC_SPI_DOMICILE__RESOLVER__CA",
                        authority.ca().toString()));
        var process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }));
        await(process, log.toPath());
    }

    private static void await(Process process, Path log) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        try {
            while (!Files.readString(log).contains("Listening on:")) {
                if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > until) {
                    throw new IOException("Keycloak did not start: see " + log);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
