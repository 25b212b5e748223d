package org.domicile.platform.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives a {@code @QuarkusTest} a fresh database and a fresh key store on a real PostgreSQL, a key set, a real Kafka broker, certificates, a signed region list and
 * trusted test tokens. Init arguments: {@code service} (required), {@code region} (default cn-north), and
 * {@code peer:<region>.<service>} → base URL of a peer listener.
 *
 * <pre>{@code @QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "backup"))}</pre>
 */
public final class PlatformResource implements QuarkusTestResourceLifecycleManager {
    private static TestAuthority authority;

    private String service;
    private String region;
    private final Map<String, String> peers = new HashMap<>();

    /** The authority of this test JVM: issue further identities from it, such as another region's services. */
    public static synchronized TestAuthority authority() {
        if (authority == null) {
            authority = new TestAuthority(TestParts.folder());
        }
        return authority;
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
        var database = TestParts.database(service);
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
        config.put(
                "quarkus.datasource.reactive.url",
                "postgresql://localhost:" + TestParts.postgresPort() + "/" + database);
        config.put(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/" + database);
        var keys = "localhost:" + TestParts.postgresPort() + "/" + TestParts.database(service + "_keys");
        config.put("quarkus.datasource.keys.username", "postgres");
        config.put("quarkus.datasource.keys.password", "postgres");
        config.put("quarkus.datasource.keys.reactive.url", "postgresql://" + keys);
        config.put("quarkus.datasource.keys.jdbc.url", "jdbc:postgresql://" + keys);
        config.put("domicile.kms.local.file", TestKeys.file().toString());
        config.put("kafka.bootstrap.servers", TestParts.kafka());
        config.put("quarkus.oidc.public-key", TestTokens.publicKey());
        config.put("quarkus.http.test-port", "0");
        return config;
    }

    @Override
    public void stop() {
        // the shared parts end with the JVM; the database is left for a look after a failure
    }
}
