package org.domicile.messaging.inbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.domicile.messaging.testing.CommandLineDevice;
import org.domicile.messaging.testing.CommandLineDevice.Running;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people with the command line; one of them has two devices. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class CommandLineIT {
    private static final String TO_BOTH = "Accepted for 2 devices.";

    @TempDir
    Path folder;

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    BlindIndex index;

    @Inject
    Pool pool;

    private final String number = "+65" + ThreadLocalRandom.current().nextLong(10_000_000, 99_999_999);
    private final List<Integer> found = new ArrayList<>();
    private Runnable afterLookup = () -> {};
    private HttpServer lookups;
    private AccountId lin;
    private CommandLineDevice phone;
    private CommandLineDevice tablet;
    private CommandLineDevice mei;

    @BeforeEach
    void people() throws IOException {
        lookups = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        lookups.createContext("/v1/directory/lookup", this::lookUp);
        lookups.start();

        var one = accounts.open();
        var other = accounts.device(one.account());
        lin = one.account();
        accounts.devices(lin, one, other);
        var hashes = index.of("discover:phone:" + number).await().indefinitely();
        accounts.consent(lin, Instant.now(), hashes, Feature.MESSAGING, Feature.DISCOVERABILITY);
        var origin = URI.create(SmallLimits.PUSH_ORIGIN);
        phone = new CommandLineDevice(folder.resolve("phone"), one, "Lin", origin);
        tablet = new CommandLineDevice(folder.resolve("tablet"), other, "Lin", origin);
        mei = new CommandLineDevice(
                folder.resolve("mei"),
                accounts.open(),
                "Mei",
                URI.create("http://localhost:" + lookups.getAddress().getPort()));
    }

    @AfterEach
    void end() {
        lookups.stop(0);
    }

    @Test
    void each_device_shows_each_message_once_also_one_that_began_to_listen_after_it_was_looked_up() {
        var listening = new ArrayList<Running>();
        listening.add(listen(phone, 2));
        afterLookup = () -> listening.add(listen(tablet, 2));
        assertEquals(List.of(TO_BOTH), send("first"));
        assertEquals(List.of(1), found, "devices that the sender knew of");

        afterLookup = () -> {};
        assertEquals(List.of(TO_BOTH), send("second"));
        for (var device : listening) {
            assertEquals(List.of("Mei: first", "Mei: second"), device.end());
        }

        assertEquals(List.of(TO_BOTH), send("while nobody listens"));
        for (var device : List.of(begin(phone, 1), begin(tablet, 1))) {
            assertEquals(List.of("Listening.", "Mei: while nobody listens"), device.end());
        }
        accounts.awaitRows("message", lin, 0);
        assertEquals(List.of(1, 2, 2), found);
    }

    @Test
    void what_cannot_be_decrypted_is_refused_and_does_not_count() {
        var before = notDecrypted();
        var listening = listen(phone, 1);

        assertEquals(
                201,
                new Sender(service).send(inbox(), "for other keys", 60, null).statusCode());
        assertEquals(List.of("Accepted for 1 device."), send("for these"));

        assertEquals(List.of("Mei: for these"), listening.end());
        accounts.awaitRows("message", lin, 0);
        await().atMost(Duration.ofSeconds(20)).until(() -> notDecrypted() == before + 1);
    }

    private String inbox() {
        return pool.preparedQuery("select endpoint from inbox where account_id = $1")
                .executeAndAwait(Tuple.of(lin.value()))
                .iterator()
                .next()
                .getString("endpoint");
    }

    private static double notDecrypted() {
        return RestAssured.get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("domicile_messaging_acks_total{code=\"101\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .sum();
    }

    private List<String> send(String text) {
        return mei.start("message", "send", "--to", number, text).end();
    }

    private static Running listen(CommandLineDevice device, int count) {
        var listening = begin(device, count);
        assertEquals("Listening.", listening.line());
        return listening;
    }

    private static Running begin(CommandLineDevice device, int count) {
        return device.start("message", "listen", "--count", Integer.toString(count), "--timeout", "60");
    }

    /** Asks the service, and lets something happen before its answer is passed on. */
    private void lookUp(HttpExchange exchange) throws IOException {
        var request = HttpRequest.newBuilder(service.resolve(exchange.getRequestURI()))
                .header("Content-Type", "application/json")
                .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                .POST(BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
                .build();
        try (exchange;
                var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            found.add(new JsonObject(answer.body()).getJsonArray("devices").size());
            afterLookup.run();
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            exchange.getResponseBody().write(answer.body().getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
