package org.domicile.migration.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;

/** The migration-service of cn-north on real parts; ap-southeast is what a {@link PeerRegion} plays on the port that is told. */
public final class MigrationResource implements QuarkusTestResourceLifecycleManager {
    private final PlatformResource platform = new PlatformResource();

    @Override
    public Map<String, String> start() {
        var port = freePort();
        platform.init(Map.of("service", "migration", "peer:ap-southeast.migration", "https://localhost:" + port));
        var config = new HashMap<>(platform.start());
        var authority = PlatformResource.authority();
        authority.issue("ap-southeast.migration");
        authority.issue("ap-southeast.backup");
        authority.write("ap-southeast.sign", "PRIVATE KEY", TestRegions.signingKey(TestRegions.SG));
        config.put(
                "domicile.migration.signing-key",
                authority
                        .write("cn-north.sign", "PRIVATE KEY", TestRegions.signingKey(TestRegions.CN))
                        .toString());
        config.put("domicile.migration.soak", "1s");
        config.put("domicile.migration.fence-deadline", "4s");
        config.put("domicile.migration.preflight-deadline", "2s");
        config.put("test.peer.port", Integer.toString(port));
        config.put("test.folder", TestParts.folder().toString());
        return config;
    }

    @Override
    public void stop() {
        platform.stop();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
