package org.domicile.messaging.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.InstanceProcess;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/**
 * Senders, phones and three instances, while an instance is killed, the database cuts every connection and takes no new ones, and the
 * broker restarts. What everybody saw is checked afterwards.
 */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class FaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int DEVICES = 4;
    /** Accepted messages between two faults. */
    private static final int STRETCH = 60;

    @TestHTTPResource("/")
    URI here;

    @Inject
    TestAccounts accounts;

    private final HttpClient http = HttpClient.newHttpClient();
    private final History history = new History();
    private final AtomicLong numbers = new AtomicLong();
    private final List<URI> instances = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    @Test
    void every_accepted_message_arrives_exactly_once_whatever_fails() throws Exception {
        instances.add(here);
        var threads = new ArrayList<Thread>();
        var phones = new ArrayList<Phone>();
        try (var victim = InstanceProcess.start();
                var other = InstanceProcess.start()) {
            instances.add(victim.service());
            instances.add(other.service());
            var devices = new ArrayList<TestDevice>();
            for (int i = 0; i < DEVICES; i++) {
                var device = accounts.open();
                devices.add(device);
                var phone = new Phone(device, this::anyInstance, history, i);
                var endpoint = endpoint(device);
                phones.add(phone);
                threads.add(Thread.ofVirtual().start(phone));
                threads.add(Thread.ofVirtual().start(() -> send(endpoint)));
            }
            goOn();
            victim.kill();
            instances.remove(victim.service());
            goOn();
            cutDatabase();
            goOn();
            TestParts.restartKafka();
            goOn();
            stopped = true;
            await().atMost(PATIENCE).until(history::isComplete);
            devices.forEach(device -> accounts.awaitRows("message", device.account(), 0));
        } finally {
            stopped = true;
            phones.forEach(Phone::stop);
            for (var thread : threads) {
                assertTrue(thread.join(Duration.ofSeconds(30)));
            }
        }
        history.check();
    }

    private void goOn() {
        var until = history.accepted() + STRETCH;
        await().atMost(PATIENCE).until(() -> history.accepted() >= until);
    }

    private URI anyInstance() {
        return instances.get(ThreadLocalRandom.current().nextInt(instances.size()));
    }

    private String endpoint(TestDevice device) {
        try (var client = AutopushClient.connect(here, device)) {
            return URI.create(client.register()).getPath();
        }
    }

    private void send(String endpoint) {
        while (!stopped) {
            var number = numbers.incrementAndGet();
            history.sent(number);
            var body = ByteBuffer.allocate(64)
                    .putInt(16, 4096)
                    .putLong(Phone.NUMBER_AT, number)
                    .array();
            try {
                var answer = http.send(
                        HttpRequest.newBuilder(anyInstance().resolve(endpoint))
                                .timeout(PATIENCE)
                                .header("TTL", "600")
                                .header("Content-Encoding", "aes128gcm")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.discarding());
                switch (answer.statusCode()) {
                    case 201 -> history.accepted(number);
                    case 429 -> history.refused(number);
                    default -> {
                        // 5xx: the service does not know itself; it may have been stored
                    }
                }
            } catch (IOException e) {
                // no answer: it may have been stored
                Thread.onSpinWait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Ends every connection to the service's database, refuses new ones, and lets them in again once the service has noticed. */
    private void cutDatabase() throws SQLException {
        var url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
        var database = url.substring(url.lastIndexOf('/') + 1);
        var admin = "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/postgres";
        try (var connection = DriverManager.getConnection(admin, "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("alter database " + database + " with allow_connections false");
            for (int cut = 0; cut < 3; cut++) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + database + "'");
            }
            var before = numbers.get();
            await().atMost(PATIENCE).until(() -> numbers.get() > before + DEVICES);
            statement.execute("alter database " + database + " with allow_connections true");
        }
    }
}
