package org.domicile.messaging.device;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.domicile.messaging.testing.Firefox;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.StockJavaSender;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.messaging.testing.Tls;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference client of the autopush protocol, as it is installed: a page subscribes, its service worker is pushed to. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class FirefoxIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Inject
    TestAccounts accounts;

    @Inject
    Presence presence;

    private final StockJavaSender sender = new StockJavaSender();
    private HttpServer pages;
    private TestDevice device;

    @BeforeEach
    void begin() {
        Programs.require("firefox", Firefox.missing());
        device = accounts.open();
        pages = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Path.of("src/test/resources/firefox").toAbsolutePath(),
                OutputLevel.NONE);
        pages.start();
    }

    @AfterEach
    void end() {
        if (pages != null) {
            pages.stop(0);
        }
    }

    @Test
    void it_is_pushed_to_connects_again_keeps_its_registrations_and_ends_them() {
        JsonObject subscription;
        try (var firefox = firefox()) {
            subscription = new JsonObject(firefox.evaluate("subscribe('" + sender.publicKey() + "')"));
            assertTrue(subscription.getString("endpoint").startsWith(SmallLimits.PUSH_ORIGIN + "/push/"));
            assertEquals(201, sender.send(subscription, "Grüße"));
            awaitHeard(firefox, "Grüße");

            presence.endAll(device.account()).await().atMost(PATIENCE);
            assertEquals(201, sender.send(subscription, "after a move"));
            awaitHeard(firefox, "Grüße", "after a move");
        }
        accounts.awaitRows("presence", device.account(), 0);
        assertEquals(201, sender.send(subscription, "while it is closed"));
        try (var firefox = firefox()) {
            awaitHeard(firefox, "Grüße", "after a move", "while it is closed");

            assertTrue(Boolean.parseBoolean(firefox.evaluate("unsubscribe()")));
            accounts.awaitRows("subscription", device.account(), 0);
            assertEquals(404, sender.send(subscription, "too late"));
        }
    }

    /** Each once, in order; and what was heard is acknowledged. */
    private void awaitHeard(Firefox firefox, String... texts) {
        await().atMost(PATIENCE).until(() -> new JsonArray(firefox.evaluate("heard()")).size() >= texts.length);
        assertEquals(List.of(texts), new JsonArray(firefox.evaluate("heard()")).getList());
        accounts.awaitRows("message", device.account(), 0);
    }

    private Firefox firefox() {
        var socket = SmallLimits.PUSH_ORIGIN.replaceFirst("^https", "wss") + "/connect/" + device.credential();
        var firefox = Firefox.start(folder, URI.create(socket), Tls.authority());
        firefox.visit(URI.create("http://localhost:" + pages.getAddress().getPort() + "/index.html"));
        return firefox;
    }
}
