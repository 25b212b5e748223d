package org.domicile.messaging.instance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.InstanceProcess;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two instances of the service share the devices: one under test, and one in a process of its own. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstancesIT {
    @TestHTTPResource("/")
    URI here;

    @Inject
    TestAccounts accounts;

    private InstanceProcess process;
    private URI there;
    private TestDevice device;

    @BeforeAll
    void start() {
        process = InstanceProcess.start();
        there = process.service();
    }

    @AfterAll
    void stop() {
        process.close();
    }

    @BeforeEach
    void account() {
        device = accounts.open();
    }

    @Test
    void a_message_accepted_by_one_instance_reaches_the_device_at_the_other() {
        for (var way : new URI[][] {{here, there}, {there, here}}) {
            try (var client = AutopushClient.connect(way[1], device)) {
                var sender = new Sender(way[0]);
                var endpoint = client.register();
                assertEquals(201, sender.send(endpoint, "first", 60, null).statusCode());
                assertEquals(201, sender.send(endpoint, "second", 60, null).statusCode());
                client.ack(client.notification());
                client.ack(client.notification());
                accounts.awaitRows("message", device.account(), 0);
                client.expectNothing();
            }
        }
    }

    @Test
    void a_message_that_one_instance_accepts_while_its_device_connects_to_the_other_reaches_that_connection() {
        String endpoint;
        try (var client = AutopushClient.connect(here, device)) {
            endpoint = client.register();
        }
        for (int i = 0; i < 30; i++) {
            var accepted = CompletableFuture.supplyAsync(
                    () -> new Sender(there).wake(endpoint, 60).statusCode());
            try (var client = AutopushClient.connect(here, device)) {
                client.ack(client.notification());
                assertEquals(201, accepted.join());
                accounts.awaitRows("message", device.account(), 0);
            }
        }
    }

    @Test
    void a_message_of_ttl_zero_is_handed_from_instance_to_instance_and_never_stored() {
        for (var way : new URI[][] {{here, there}, {there, here}}) {
            // one each: what is sent to a connection that its device has just closed is lost, as TTL 0 allows
            var connected = accounts.open();
            try (var messages = accounts.refusing(connected.account());
                    var client = AutopushClient.connect(way[1], connected)) {
                var sender = new Sender(way[0]);
                var endpoint = client.register();
                awaitKnown(connected);
                assertEquals(201, sender.send(endpoint, "now", 0, null).statusCode());
                client.ack(client.notification());
                assertEquals(500, sender.wake(endpoint, 60).statusCode(), "one that is stored is refused");
            }
        }
    }

    @Test
    void a_connection_at_one_instance_replaces_that_at_the_other() {
        try (var first = AutopushClient.connect(there, device);
                var second = AutopushClient.connect(here, device)) {
            assertEquals(4774, first.closeCode());
            var endpoint = second.register();
            for (var service : new URI[] {here, there}) {
                assertEquals(201, new Sender(service).wake(endpoint, 60).statusCode());
                second.ack(second.notification());
            }
            try (var third = AutopushClient.connect(there, device)) {
                assertEquals(4774, second.closeCode());
                assertEquals(201, new Sender(here).wake(endpoint, 60).statusCode());
                third.ack(third.notification());
            }
        }
    }

    @Test
    void a_withdrawal_and_a_revocation_end_the_connection_wherever_it_is() {
        var other = accounts.open();
        try (var withdrawn = AutopushClient.connect(there, device);
                var revoked = AutopushClient.connect(there, other)) {
            accounts.consent(device.account());
            accounts.devices(other.account());
            assertEquals(4774, withdrawn.closeCode());
            assertEquals(4774, revoked.closeCode());
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void a_killed_instance_loses_nothing_and_its_devices_are_served_by_the_others() {
        var lost = AutopushClient.connect(there, device);
        var endpoint = lost.register();
        assertEquals(201, new Sender(there).wake(endpoint, 60).statusCode());
        lost.notification();
        process.kill();
        assertEquals(1006, lost.closeCode());
        var sender = new Sender(here);
        assertEquals(201, sender.wake(endpoint, 60).statusCode());
        assertEquals(201, sender.wake(endpoint, 0).statusCode(), "nobody is there: dropped");
        try (var client = AutopushClient.connect(here, device)) {
            client.ack(client.notification());
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), 0);
            client.expectNothing();
            assertEquals(201, sender.wake(endpoint, 60).statusCode());
            client.ack(client.notification());
        }
    }

    @Test
    void an_instance_holds_as_many_devices_as_it_may_and_sends_them_to_the_others_when_told_to_end() {
        var other = accounts.open();
        try (var instance = InstanceProcess.startWith(Map.of("domicile.messaging.max-connections", "2"))) {
            var leaving = instance.service();
            var first = AutopushClient.connect(leaving, device);
            var endpoint = first.register();
            var second = AutopushClient.connect(leaving, other);
            var third = accounts.open();
            assertEquals(503, AutopushClient.refusal(leaving, third.credential()), "there is no place");
            AutopushClient.connect(here, third).close();
            assertEquals(201, new Sender(leaving).wake(endpoint, 60).statusCode());
            first.notification();
            instance.close();
            assertEquals(1001, first.closeCode());
            assertEquals(1001, second.closeCode());
        }
        try (var client = AutopushClient.connect(here, device)) {
            client.ack(client.notification());
            accounts.awaitRows("message", device.account(), 0);
        }
    }

    @Test
    void an_ended_connection_is_forgotten() {
        try (var client = AutopushClient.connect(here, device)) {
            client.register(UUID.randomUUID(), null);
            assertTrue(accounts.rows("presence", device.account()) > 0);
        }
        accounts.awaitRows("presence", device.account(), 0);
    }

    /** A message of TTL 0 finds the instance by its row. */
    private void awaitKnown(TestDevice connected) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> accounts.rows("presence p join instance i using (instance_id)", connected.account()) == 1);
    }
}
