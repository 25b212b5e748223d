package org.domicile.account.testing;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.domicile.platform.testing.CrashingPlatform;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;

/**
 * Everything account-service runs on, real: PostgreSQL, Kafka, and a Keycloak that is started once per test JVM and resolves
 * identifiers through the service under test. Sign-in is by Keycloak's own tokens.
 */
public class AccountParts implements QuarkusTestResourceLifecycleManager {
    /** The same for every application of the test JVM, as its one Keycloak asks there. */
    private static final int PEER_PORT =
            Integer.parseInt(TestParts.shared("account-peer", () -> Integer.toString(FreePorts.next())));

    private static final int BACKUP_PORT = FreePorts.next();
    private static final int OTHER_PORT = FreePorts.next();

    private final PlatformResource platform;
    private final boolean crashing;

    public AccountParts() {
        this(false);
    }

    AccountParts(boolean crashing) {
        this.crashing = crashing;
        this.platform = crashing ? new CrashingPlatform() : new PlatformResource();
    }

    public static Path codes() {
        return TestParts.folder().resolve("codes");
    }

    public static String keycloakUrl() {
        return TestParts.shared("keycloak", () -> KeycloakProcess.start(PlatformResource.authority(), peer())
                .url());
    }

    /** Where the other region's account-service is expected; nobody listens until a test does. */
    public static int otherPort() {
        return OTHER_PORT;
    }

    /** Where the region's cloud-backup-service is expected; nobody listens until a test does. */
    public static int backupPort() {
        return BACKUP_PORT;
    }

    public static int peerPort() {
        return PEER_PORT;
    }

    /** The name that the region's operator signs in by. */
    public static String operator() {
        return KeycloakProcess.OPERATOR;
    }

    /** A token with which the service itself asks Keycloak. */
    public static String serviceToken() {
        return given().relaxedHTTPSValidation()
                .formParam("grant_type", "client_credentials")
                .formParam("client_id", "account-service")
                .formParam("client_secret", KeycloakProcess.SECRET)
                .post(keycloakUrl() + "/realms/domicile/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    /** A token of the region's operator. */
    public static String operatorToken() {
        return Person.trySignIn(operator(), KeycloakProcess.OPERATOR_PASSWORD)
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    @Override
    public Map<String, String> start() {
        var parts = new HashMap<>(Map.of(
                "service",
                "account",
                "peer:cn-north.account",
                peer(),
                "peer:ap-southeast.account",
                "https://localhost:" + OTHER_PORT,
                "peer:cn-north.backup",
                "https://localhost:" + BACKUP_PORT));
        platform.init(parts);
        var config = new HashMap<>(platform.start());
        var keycloak = keycloakUrl();
        config.remove("quarkus.oidc.public-key");
        config.put("quarkus.oidc.auth-server-url", keycloak + "/realms/domicile");
        config.put(
                "quarkus.tls.trust-store.pem.certs",
                PlatformResource.authority().ca().toString());
        config.put("quarkus.oidc.tls.tls-configuration-name", "<default>");
        // beside a peer port that is fixed: the metrics of a server on port 0 have other tags, which tests refuse
        config.put("quarkus.http.test-port", Integer.toString(FreePorts.next()));
        config.put("domicile.peer.port", Integer.toString(PEER_PORT));
        config.put("domicile.keycloak.url", keycloak);
        config.put("domicile.keycloak.timeout", "60s");
        config.put("domicile.keycloak.client-secret", KeycloakProcess.SECRET);
        config.put("domicile.sender.kind", "file");
        config.put("domicile.codes.directory", codes().toString());
        config.put("domicile.consent.policy-versions", "2025-11,2026-01");
        config.put("domicile.retention.every", "1s");
        // every test comes from one address, but those that say another as a proxy does
        config.put("domicile.limits.sign-ups-per-hour", "5000");
        config.put("domicile.limits.confirmations-per-hour", "5000");
        config.put("domicile.limits.discoveries-per-hour", "5000");
        config.put("domicile.limits.discoveries-per-region-and-minute", "20");
        config.put("quarkus.http.proxy.proxy-address-forwarding", "true");
        config.put("quarkus.http.proxy.allow-x-forwarded", "true");
        config.put("domicile.notices.look", "1s");
        config.put("domicile.activity.write", "1s");
        config.put("domicile.erasure.look", "1s");
        config.put("domicile.export.look", "1s");
        config.put("domicile.export.services", crashing ? "account,backup" : "account");
        config.put(
                "domicile.placement.file",
                write(
                        "placement.json",
                        "{\"SG\":{\"home\":\"cn-north\",\"target\":\"ap-southeast\"},"
                                + "\"CN\":{\"home\":\"cn-north\",\"target\":\"cn-north\"},"
                                + "\"IN\":{\"home\":\"cn-north\",\"target\":\"ap-southeast\"},"
                                + "\"MY\":{\"home\":\"ap-southeast\",\"target\":\"ap-southeast\"}}"));
        return config;
    }

    @Override
    public void stop() {
        platform.stop();
    }

    private static String peer() {
        return "https://localhost:" + PEER_PORT;
    }

    private static String write(String name, String content) {
        try {
            return Files.writeString(TestParts.folder().resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
