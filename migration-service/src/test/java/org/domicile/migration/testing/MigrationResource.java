package org.domicile.migration.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;

/** The migration-service of cn-north on real parts; ap-southeast is what a {@link PeerRegion} plays on the port that is told. */
public final class MigrationResource implements QuarkusTestResourceLifecycleManager {
    /** A market whose held basis ends at two people a year. */
    public static final String COUNTED_MARKET = "XC";

    /** A market without a basis for the way back. */
    public static final String ONE_WAY_MARKET = "XO";

    private final PlatformResource platform = new PlatformResource();

    @Override
    public Map<String, String> start() {
        var port = FreePorts.next();
        platform.init(Map.of("service", "migration", "peer:ap-southeast.migration", "https://localhost:" + port));
        var config = new HashMap<>(platform.start());
        var authority = PlatformResource.authority();
        authority.issue("ap-southeast.migration");
        Scene.SERVICES.forEach(service -> authority.issue("ap-southeast." + service));
        authority.write("ap-southeast.sign", "PRIVATE KEY", TestRegions.signingKey(TestRegions.SG));
        config.put(
                "domicile.migration.signing-key",
                authority
                        .write("cn-north.sign", "PRIVATE KEY", TestRegions.signingKey(TestRegions.CN))
                        .toString());
        // one participant that is to be reached directly, and is not: what is for it goes the long way
        config.put("domicile.peer.near.messaging", "https://localhost:1");
        config.put("domicile.migration.soak", "1h");
        config.put("domicile.migration.fence-deadline", "8s");
        config.put("domicile.migration.preflight-deadline", "5s");
        config.put("domicile.migration.retry-after", "1s");
        config.put("domicile.migration.repeat-after", "10s");
        config.put("domicile.markets.file", markets().toString());
        config.put("test.peer.port", Integer.toString(port));
        config.put("test.folder", TestParts.folder().toString());
        return config;
    }

    /** The packaged law, and a market whose people are counted. */
    private static Path markets() {
        try (var packaged = MigrationResource.class.getResourceAsStream("/law/markets.yaml")) {
            var text = new String(packaged.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("allowed_regions: {", "allowed_regions: {XC: [ap-southeast], XO: [cn-north], ")
                    .replace(
                            "transfers_held:\n",
                            "transfers_held:\n  - {from: cn-north, to: ap-southeast, markets: [XC], classes: all,"
                                    + " basis: exempt, evidence: a test, until: 2099-12-31}\n")
                    .replace("markets:\n  US:", "markets:\n  XC: {transfer: {exempt_below_people: 2}}\n  US:");
            return Files.writeString(TestParts.folder().resolve("markets.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        platform.stop();
    }
}
