package org.domicile.messaging.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The whole service with limits that a test can reach. */
public class SmallLimits implements QuarkusTestProfile {
    public static final int BACKLOG = 8;
    public static final int WINDOW = 3;
    public static final String PUSH_ORIGIN = "https://push.test";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "domicile.messaging.push-origin", PUSH_ORIGIN,
                "domicile.messaging.backlog", Integer.toString(BACKLOG),
                "domicile.messaging.window", Integer.toString(WINDOW),
                "domicile.messaging.subscriptions-per-device", "4",
                "domicile.messaging.expiry-every", "200ms",
                "domicile.messaging.sweep-every", "200ms",
                "domicile.messaging.hello-timeout", "1s",
                "domicile.messaging.ping-interval", "200ms",
                "domicile.fence.deadline", "300ms");
    }
}
