package org.domicile.platform.testing;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives a {@code @QuarkusTest} a fresh database and a fresh key store on a real PostgreSQL, a key set, a real Kafka broker, certificates, a signed region list and
 * trusted test tokens. Init arguments: {@code service} (required), {@code region} (default cn-north),
 * {@code peer:<region>.<service>} → base URL of a peer listener.
 *
 * <pre>{@code @QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "backup"))}</pre>
 */
public class PlatformResource implements QuarkusTestResourceLifecycleManager {
    private static TestAuthority authority;
    private static CrashingDatabase crashes;

    private final boolean crashing;
    private String service;
    private String region;
    private final Map<String, String> peers = new HashMap<>();

    public PlatformResource() {
        this(false);
    }

    PlatformResource(boolean crashing) {
        this.crashing = crashing;
    }

    /** The authority of this test JVM: issue further identities from it, such as another region's services. */
    public static synchronized TestAuthority authority() {
        if (authority == null) {
            authority = new TestAuthority(TestParts.folder());
        }
        return authority;
    }

    /** Between the service under test and its databases, for tests that asked for it. */
    public static CrashingDatabase crashes() {
        return crashes;
    }

    @Override
    public void init(Map<String, String> args) {
        service = args.get("service");
        region = args.getOrDefault("region", TestRegions.CN);
        args.forEach((name, value) -> {
            if (name.startsWith("peer:")) {
                peers.put(name.substring("peer:".length()), value);
            }
        });
    }

    @Override
    public Map<String, String> start() {
        // else an application that is started after another in this JVM would find its gauges taken by the one before
        Metrics.globalRegistry.clear();
        var database = TestParts.database(service);
        var keys = TestParts.database(service + "_keys");
        var direct = "localhost:" + TestParts.postgresPort() + "/";
        var asked = crashing ? "localhost:" + crash() + "/" : direct;
        var identity = region + "." + service;
        Path certificate = authority().issue(identity);
        var config = new HashMap<String, String>();
        config.put("domicile.region", region);
        config.put("domicile.service", service);
        config.put(
                "domicile.regions.file",
                TestRegions.list(TestParts.folder(), peers).toString());
        config.put("domicile.regions.key", TestRegions.listKey(authority()).toString());
        config.put("domicile.peer.port", "0");
        config.put("domicile.peer.certificate", certificate.toString());
        config.put("domicile.peer.key", authority().keyOf(identity).toString());
        config.put("domicile.peer.ca", authority().ca().toString());
        config.put("quarkus.datasource.username", "postgres");
        config.put("quarkus.datasource.password", "postgres");
        config.put("quarkus.datasource.reactive.url", "postgresql://" + asked + database);
        config.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + direct + database);
        config.put("quarkus.datasource.keys.username", "postgres");
        config.put("quarkus.datasource.keys.password", "postgres");
        config.put("quarkus.datasource.keys.reactive.url", "postgresql://" + asked + keys);
        config.put("quarkus.datasource.keys.jdbc.url", "jdbc:postgresql://" + direct + keys);
        config.put("domicile.kms.local.file", TestKeys.file().toString());
        config.put("domicile.messaging.routing-keys", TestKeys.routing().toString());
        config.put("kafka.bootstrap.servers", TestParts.kafka());
        config.put("quarkus.oidc.public-key", TestTokens.publicKey());
        config.put("quarkus.http.test-port", "0");
        return config;
    }

    /** @return the port to ask instead of the server's */
    private static int crash() {
        crashes = new CrashingDatabase(TestParts.postgresPort());
        return crashes.port();
    }

    @Override
    public void stop() {
        if (crashing) {
            crashes.close();
        }
        // the shared parts end with the JVM; the database is left for a look after a failure
    }
}
