package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that come at the same time share transactions; each gets the answer that it would get alone. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class TogetherIT {
    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    private Sender sender;

    @BeforeEach
    void sender() {
        sender = new Sender(service);
    }

    @Test
    void one_that_is_refused_does_not_fail_those_that_come_with_it() throws Exception {
        var good = List.of(accounts.open(), accounts.open());
        var frozen = accounts.open();
        var unwilling = accounts.open();
        var expected = new HashMap<String, Set<Integer>>();
        good.forEach(device -> expected.put(endpoint(device), Set.of(201)));
        expected.put(endpoint(frozen), Set.of(503));
        // not allowed, and soon gone
        expected.put(endpoint(unwilling), Set.of(403, 404));
        expected.put(endpoint(good.getFirst()).replaceFirst("[^/]{8}$", "AAAAAAAA"), Set.of(404));
        accounts.fence(frozen.account(), "FROZEN");
        accounts.consent(unwilling.account());

        var requests = new ArrayList<Callable<Map.Entry<String, Integer>>>();
        for (int i = 0; i < SmallLimits.BACKLOG; i++) {
            expected.keySet()
                    .forEach(endpoint -> requests.add(
                            () -> Map.entry(endpoint, sender.wake(endpoint, 60).statusCode())));
        }
        for (var answer : atOnce(requests)) {
            assertTrue(expected.get(answer.getKey()).contains(answer.getValue()), answer.toString());
        }
        for (var device : good) {
            assertEquals(SmallLimits.BACKLOG, accounts.rows("message", device.account()));
        }
        assertEquals(0, accounts.rows("message", frozen.account()));
        assertEquals(0, accounts.rows("message", unwilling.account()));
    }

    @Test
    void a_backlog_is_not_overfilled_by_those_that_come_at_once() throws Exception {
        var device = accounts.open();
        var endpoint = endpoint(device);
        var requests = new ArrayList<Callable<HttpResponse<String>>>();
        for (int i = 0; i < SmallLimits.BACKLOG + 5; i++) {
            requests.add(() -> sender.wake(endpoint, 60));
        }
        var statuses = atOnce(requests).stream().map(HttpResponse::statusCode).toList();
        assertEquals(
                SmallLimits.BACKLOG,
                statuses.stream().filter(status -> status == 201).count());
        assertEquals(5, statuses.stream().filter(status -> status == 429).count());

        var versions = new HashSet<String>();
        try (var client = AutopushClient.connect(service, device)) {
            for (int i = 0; i < SmallLimits.BACKLOG; i++) {
                var notification = client.notification();
                versions.add(notification.getString("version"));
                client.ack(notification);
            }
            client.expectNothing();
        }
        assertEquals(SmallLimits.BACKLOG, versions.size());
        accounts.awaitRows("message", device.account(), 0);
    }

    @Test
    void a_connected_device_gets_one_senders_messages_in_order_while_others_send_too() throws Exception {
        var device = accounts.open();
        try (var client = AutopushClient.connect(service, device);
                var others = Executors.newVirtualThreadPerTaskExecutor()) {
            var endpoint = client.register();
            var noise = client.register();
            for (int i = 0; i < 3; i++) {
                others.submit(() -> sender.wake(noise, 60));
            }
            var locations = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                // a topic takes the way of its own, the others that of many
                var answer = sender.send(endpoint, "m" + i, 60, i == 1 ? "topic" : null);
                locations.add(answer.headers().firstValue("Location").orElseThrow());
            }
            var bodies = new ArrayList<String>();
            for (int i = 0; i < 6; i++) {
                var notification = client.notification();
                if (notification.containsKey("data")) {
                    bodies.add(notification.getString("version"));
                }
                client.ack(notification);
            }
            assertEquals(bodies.stream().sorted().toList(), bodies, "ids of one process rise with time");
            assertEquals(3, new HashSet<>(locations).size());
        }
        accounts.awaitRows("message", device.account(), 0);
    }

    private String endpoint(TestDevice device) {
        try (var client = AutopushClient.connect(service, device)) {
            return client.register();
        }
    }

    private static <T> List<T> atOnce(List<Callable<T>> requests) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<T>();
            for (var answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
