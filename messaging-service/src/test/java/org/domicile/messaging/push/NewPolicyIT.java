package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.UUID;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.OperatedPolicy;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The policy changes while the service runs. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class NewPolicyIT {
    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    OperatedPolicy policy;

    @AfterEach
    void first() {
        policy.reset();
    }

    @Test
    void a_push_is_refused_until_the_owner_agrees_to_the_new_policy() {
        var sender = new Sender(service);
        var device = accounts.open();
        String endpoint;
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register(UUID.randomUUID(), sender.publicKey()).getString("pushEndpoint");
        }
        assertEquals(201, sender.send(endpoint, "before", 60, null).statusCode());

        policy.are("2026-01", "2026-02");

        var refused = sender.send(endpoint, "meanwhile", 60, null);
        assertEquals(403, refused.statusCode());
        assertTrue(new JsonObject(refused.body()).getString("type").endsWith("consent-required"), refused.body());
        assertEquals(1, accounts.rows("message", device.account()));

        accounts.consentTo("2026-02", device.account(), Feature.MESSAGING);
        assertEquals(201, sender.send(endpoint, "after", 60, null).statusCode());
    }
}
