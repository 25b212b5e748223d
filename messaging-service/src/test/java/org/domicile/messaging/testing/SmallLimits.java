package org.domicile.messaging.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestKeys;
import org.domicile.platform.testing.TestMarkets;

/** The whole service with limits that a test can reach. */
public class SmallLimits implements QuarkusTestProfile {
    public static final int BACKLOG = 8;
    public static final int WINDOW = 3;
    public static final int DISCOVERIES = 6;
    public static final int CONNECTIONS = 60;
    /** Where the other region's messaging-service would listen; a test may. Below the ports that systems hand out. */
    public static final int OTHER_HOME_PORT = 27391;

    public static final String OTHER_HOME = "https://localhost:" + OTHER_HOME_PORT;
    /** The service's own listener with TLS, free when first asked for; the same in every class loader of the JVM. */
    public static final String PUSH_ORIGIN = "https://localhost:" + port();

    private static final String CERTIFICATE = "push-origin";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("domicile.messaging.push-origin", PUSH_ORIGIN),
                Map.entry("quarkus.http.test-ssl-port", Integer.toString(port())),
                Map.entry(
                        "quarkus.tls.key-store.pem.0.cert",
                        PlatformResource.authority().issue(CERTIFICATE).toString()),
                Map.entry(
                        "quarkus.tls.key-store.pem.0.key",
                        PlatformResource.authority().keyOf(CERTIFICATE).toString()),
                // its meters of listeners with and without a fixed port do not fit together
                Map.entry("quarkus.micrometer.binder.vertx.enabled", "false"),
                Map.entry("test.authority", PlatformResource.authority().ca().toString()),
                Map.entry("domicile.messaging.receipt-look", "50ms"),
                Map.entry("domicile.messaging.receipt-grace", "0s"),
                Map.entry(
                        "domicile.markets.file",
                        TestMarkets.packaged(SmallLimits::law).toString()),
                // in the middle of a rotation of the index key
                Map.entry("domicile.kms.local.file", TestKeys.both("k1", "i2").toString()),
                Map.entry("domicile.messaging.backlog", Integer.toString(BACKLOG)),
                Map.entry("domicile.messaging.window", Integer.toString(WINDOW)),
                Map.entry("domicile.messaging.max-connections", Integer.toString(CONNECTIONS)),
                Map.entry("domicile.messaging.subscriptions-per-device", "4"),
                Map.entry("domicile.messaging.discoveries-per-day", Integer.toString(DISCOVERIES)),
                Map.entry("domicile.messaging.expiry-every", "200ms"),
                Map.entry("domicile.messaging.sweep-every", "200ms"),
                Map.entry("domicile.messaging.withdrawal-every", "200ms"),
                Map.entry("domicile.messaging.revocation-every", "1h"),
                Map.entry("domicile.messaging.hello-timeout", "5s"),
                Map.entry("domicile.messaging.ping-interval", "200ms"),
                // long enough for a busy machine, short enough to wait for where an account stays frozen
                Map.entry("domicile.fence.deadline", "1s"));
    }

    private static synchronized int port() {
        var chosen = Integer.getInteger("messaging.test.ssl-port");
        if (chosen != null) {
            return chosen;
        }
        var port = FreePorts.next();
        System.setProperty("messaging.test.ssl-port", Integer.toString(port));
        return port;
    }

    /** With a market of a shorter law. */
    private static String law(String packaged) {
        return packaged.replace("\nmarkets:\n", "\nmarkets:\n  ZZ: {retention_days: {messages: 3}}\n");
    }
}
