package org.domicile.messaging.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.domicile.platform.testing.TestParts;

/** The whole service with limits that a test can reach. */
public class SmallLimits implements QuarkusTestProfile {
    public static final int BACKLOG = 8;
    public static final int WINDOW = 3;
    /** Where the other region's messaging-service would listen; a test may. Below the ports that systems hand out. */
    public static final int OTHER_HOME_PORT = 27391;

    public static final String OTHER_HOME = "https://localhost:" + OTHER_HOME_PORT;
    public static final String PUSH_ORIGIN = "https://push.test";
    private static final Path INDEX_KEY = key();

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("domicile.messaging.push-origin", PUSH_ORIGIN),
                Map.entry("domicile.messaging.index-key-file", INDEX_KEY.toString()),
                Map.entry("domicile.messaging.backlog", Integer.toString(BACKLOG)),
                Map.entry("domicile.messaging.window", Integer.toString(WINDOW)),
                Map.entry("domicile.messaging.subscriptions-per-device", "4"),
                Map.entry("domicile.messaging.expiry-every", "200ms"),
                Map.entry("domicile.messaging.sweep-every", "200ms"),
                Map.entry("domicile.messaging.withdrawal-every", "200ms"),
                Map.entry("domicile.messaging.hello-timeout", "1s"),
                Map.entry("domicile.messaging.ping-interval", "200ms"),
                Map.entry("domicile.fence.deadline", "300ms"));
    }

    private static Path key() {
        try {
            return Files.writeString(
                    TestParts.folder().resolve("index.key"), Base64.getEncoder().encodeToString(new byte[32]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
