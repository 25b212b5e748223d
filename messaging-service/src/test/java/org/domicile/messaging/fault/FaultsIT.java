package org.domicile.messaging.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Senders, phones and two instances, while each part fails in an order drawn from a seed. What everybody saw is checked afterwards.
 * {@code -Ddomicile.faults.rounds=20} goes on for longer, {@code -Ddomicile.faults.seed} repeats an order.
 */
class FaultsIT {
    private static final long SEED = Long.getLong("domicile.faults.seed", 20261129);
    private static final int ROUNDS = Integer.getInteger("domicile.faults.rounds", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int DEVICES = 4;
    private static final int SUBSCRIPTIONS_OF_EACH = 2;
    private static final int STRANGERS = 20;
    /** Accepted messages between two faults. */
    private static final int STRETCH = 100;
    /** The same while nobody reads: more than the buffers of the systems hold. */
    private static final int UNREAD = 300;
    /** The share of the devices in a storm that must be greeted, or be told that they have a newer connection. */
    private static final double WELCOME = 0.8;
    /** Bytes that a phone's system takes before the phone reads them. */
    private static final String RECEIVE_BUFFER = "8192";

    private static final String RECEIVE_BUFFER_OF_JDK = "jdk.httpclient.receiveBufferSize";

    private enum Fault {
        INSTANCE_KILLED,
        DATABASE_KILLED,
        BROKER_RESTARTED,
        ALL_RECONNECT,
        STRANGERS_STORM,
        ALL_VANISH,
        NOBODY_READS
    }

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final History history = new History(Application.LASTING);
    private final List<Phone> phones = new ArrayList<>();
    private final List<TestDevice> strangers = new ArrayList<>();
    private final List<Application> applications = new ArrayList<>();

    @Test
    void every_accepted_message_arrives_once_in_order_and_in_time_whatever_fails() throws Exception {
        System.setProperty(RECEIVE_BUFFER_OF_JDK, RECEIVE_BUFFER);
        var threads = new ArrayList<Thread>();
        try (var parts = new Parts(folder)) {
            parts.start();
            for (int i = 0; i < DEVICES; i++) {
                addDevice(parts);
            }
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(parts.open());
            }
            phones.forEach(phone -> threads.add(Thread.ofVirtual().start(phone)));
            applications.forEach(application -> threads.add(Thread.ofVirtual().start(application)));
            for (int round = 0; round < ROUNDS; round++) {
                for (var fault : shuffled()) {
                    goOn();
                    happen(fault, parts);
                }
            }
            goOn();
            applications.forEach(Application::stop);
            await().atMost(PATIENCE).until(parts::allRun);
            phones.forEach(Phone::calmDown);
            await().atMost(PATIENCE).until(history::isComplete);
            await().atMost(PATIENCE).until(() -> parts.rows("message") == 0);
            for (var application : applications) {
                await().atMost(PATIENCE).until(application::hasItsReceipts);
            }
            for (var service : parts.services()) {
                await().atMost(PATIENCE).until(() -> nothingDeliveredIsStored(service));
            }
        } finally {
            System.clearProperty(RECEIVE_BUFFER_OF_JDK);
            applications.forEach(Application::stop);
            phones.forEach(Phone::stop);
            for (var thread : threads) {
                assertTrue(thread.join(PATIENCE));
            }
        }
        history.check();
        assertTrue(history.replaced() > 0, "no message of a topic was replaced");
        assertTrue(history.arrivedAtOnce() > 0, "no message of TTL 0 met a connection");
        assertTrue(history.receipts() > 0, "nobody asked for a receipt");
    }

    private void addDevice(Parts parts) throws Exception {
        var device = parts.open();
        try (var client = AutopushClient.connect(parts.services().getFirst(), device)) {
            for (int i = 0; i < SUBSCRIPTIONS_OF_EACH; i++) {
                var number = applications.size();
                applications.add(
                        new Application(number, client.register(), () -> any(parts), history, SEED + 1000 + number));
            }
        }
        phones.add(new Phone(device, () -> any(parts), history, SEED + phones.size()));
    }

    private List<Fault> shuffled() {
        var faults = Arrays.asList(Fault.values());
        Collections.shuffle(faults, random);
        return faults;
    }

    private void happen(Fault fault, Parts parts) throws Exception {
        switch (fault) {
            case INSTANCE_KILLED -> {
                await().atMost(PATIENCE).until(parts::allRun);
                parts.killInstance(random);
            }
            case DATABASE_KILLED -> parts.restartDatabase();
            case BROKER_RESTARTED -> parts.restartBroker();
            case ALL_RECONNECT -> phones.forEach(Phone::reconnect);
            case ALL_VANISH -> {
                phones.forEach(Phone::vanish);
                // the service has noticed by itself: no phone has said anything, and none has come back
                await().atMost(PATIENCE).until(() -> parts.rows("presence") == 0);
                phones.forEach(Phone::comeBack);
            }
            case NOBODY_READS -> {
                phones.forEach(Phone::lookAway);
                goOn(UNREAD);
                phones.forEach(Phone::lookAgain);
            }
            case STRANGERS_STORM -> {
                await().atMost(PATIENCE).until(parts::allRun);
                storm(parts);
            }
        }
    }

    private void storm(Parts parts) throws InterruptedException {
        var storm = new ConnectStorm(() -> any(parts), strangers).blow();
        System.out.println(storm);
        assertEquals(Set.of(401), storm.strangers().keySet());
        assertTrue(storm.greeted() > 0, storm::toString);
        assertTrue(storm.greeted() + storm.replaced() >= storm.devices() * WELCOME, storm::toString);
    }

    private void goOn() {
        goOn(STRETCH);
    }

    private void goOn(int messages) {
        var until = history.accepted() + messages;
        await().atMost(PATIENCE).until(() -> history.accepted() >= until);
    }

    private static URI any(Parts parts) {
        return parts.any(ThreadLocalRandom.current());
    }

    private static boolean nothingDeliveredIsStored(URI service) throws IOException, InterruptedException {
        var metrics = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(service.resolve("/q/metrics")).build(), BodyHandlers.ofString())
                .body();
        return metrics.lines().anyMatch(line -> line.equals("domicile_messaging_delivered_oldest_seconds 0.0"));
    }
}
