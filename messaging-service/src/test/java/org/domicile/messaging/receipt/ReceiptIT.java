package org.domicile.messaging.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.messaging.testing.Tls;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8030 sections 5.1 and 6.3, with an HTTP/2 client that takes server push and with one that does not. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(value = PlatformResource.class, initArgs = @ResourceArg(name = "service", value = "messaging"))
class ReceiptIT {
    private static final Pattern LINK = Pattern.compile("<([^>]+)>; rel=\"urn:ietf:params:push:receipt\"");

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    private Sender sender;
    private TestDevice device;
    private String endpoint;

    @BeforeEach
    void account() {
        sender = new Sender(service);
        device = accounts.open();
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register();
        }
    }

    @Test
    void an_acknowledged_message_is_told_by_server_push_as_the_answer_to_its_own_url() throws Exception {
        var accepted = ask(60);
        assertEquals(202, accepted.statusCode());
        var location = header(accepted, "Location");
        var receipts = receipts(accepted);
        try (var http = http2();
                var client = AutopushClient.connect(service, device)) {
            var pushed = new CompletableFuture<HttpResponse<String>>();
            var waiting = http.sendAsync(
                    HttpRequest.newBuilder(receipts).build(),
                    BodyHandlers.ofString(),
                    (initiating, promise, acceptor) ->
                            acceptor.apply(BodyHandlers.ofString()).thenAccept(pushed::complete));
            client.ack(client.notification());
            var receipt = pushed.orTimeout(20, TimeUnit.SECONDS).join();
            assertEquals(204, receipt.statusCode());
            assertEquals(location, receipt.request().uri().toString());
            waiting.cancel(true);
        }
        accounts.awaitRows("receipt", device.account(), 0);
    }

    @Test
    void receipts_that_are_ready_come_at_once_with_wait_zero_and_only_once() throws Exception {
        var accepted = ask(60);
        var receipts = receipts(accepted);
        try (var http = http2();
                var client = AutopushClient.connect(service, device)) {
            var notification = client.notification();
            assertEquals(Map.of(), pushed(http, receipts), "not acknowledged yet");
            client.ack(notification);
            accounts.awaitRows("message", device.account(), 0);
            assertEquals(Map.of(header(accepted, "Location"), 204), pushed(http, receipts));
            assertEquals(Map.of(), pushed(http, receipts));
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 204", "101, 410", "102, 410"})
    void what_the_device_could_not_handle_is_told_as_given_up(int code, int status) throws Exception {
        var before = acks(code);
        var accepted = ask(60);
        var volatileToo = ask(0);
        try (var client = AutopushClient.connect(service, device)) {
            client.ack(code, client.notification());
            accounts.awaitRows("message", device.account(), 0);
            assertEquals(
                    Map.of(header(accepted, "Location"), status, header(volatileToo, "Location"), 410),
                    listed(receipts(accepted)),
                    "nobody was there for the one of TTL 0");
            var now = ask(0);
            client.ack(code, client.notification());
            assertEquals(Map.of(header(now, "Location"), status), listed(receipts(now), "wait=20"));
        }
        assertEquals(before + 2, acks(code));
    }

    @Test
    void codes_of_one_frame_are_kept_apart() throws Exception {
        var good = ask(60);
        var bad = ask(60);
        try (var client = AutopushClient.connect(service, device)) {
            var updates = new JsonArray();
            for (var code : List.of(100, 101)) {
                var notification = client.notification();
                updates.add(new JsonObject()
                        .put("channelID", notification.getString("channelID"))
                        .put("version", notification.getString("version"))
                        .put("code", code));
            }
            client.send(new JsonObject()
                    .put("messageType", "ack")
                    .put("updates", updates)
                    .encode());
            accounts.awaitRows("message", device.account(), 0);
        }
        assertEquals(Map.of(header(good, "Location"), 204, header(bad, "Location"), 410), listed(receipts(good)));
    }

    private double acks(int code) {
        return RestAssured.get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("domicile_messaging_acks_total{code=\"" + code + "\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .sum();
    }

    @Test
    void a_client_without_server_push_gets_a_list() throws Exception {
        var accepted = ask(60);
        try (var client = AutopushClient.connect(service, device)) {
            client.ack(client.notification());
        }
        accounts.awaitRows("message", device.account(), 0);
        assertEquals(Map.of(header(accepted, "Location"), 204), listed(receipts(accepted)));
        awaitForgotten();
        assertEquals(Map.of(), listed(receipts(accepted)));
    }

    @Test
    void what_is_never_taken_is_told_as_gone() throws Exception {
        var expired = ask(1);
        var replaced = sender.post(endpoint, new byte[0], headers(60, "Topic", "score"));
        sender.post(endpoint, new byte[0], Map.of("TTL", "60", "Topic", "score"));
        var dropped = ask(0);
        var cancelled = ask(60);
        assertEquals(204, sender.delete(header(cancelled, "Location")).statusCode());
        accounts.awaitRows("message", device.account(), 1);
        var expected = Map.of(
                header(expired, "Location"), 410, header(replaced, "Location"), 410, header(dropped, "Location"), 410);
        assertEquals(expected, listed(receipts(expired)));
    }

    @Test
    void a_message_of_ttl_zero_is_confirmed_too() throws Exception {
        try (var client = AutopushClient.connect(service, device)) {
            var accepted = ask(0);
            assertEquals(0, accounts.rows("message", device.account()));
            client.ack(client.notification());
            assertEquals(
                    Map.of(header(accepted, "Location"), 204), listed(receipts(accepted), "respond-async, wait=20"));
        }
    }

    @Test
    void an_ended_subscription_gives_its_messages_up() throws Exception {
        var channel = UUID.randomUUID();
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register(channel, null).getString("pushEndpoint");
            var accepted = ask(60);
            client.notification();
            client.unregister(channel);
            assertEquals(Map.of(header(accepted, "Location"), 410), listed(receipts(accepted)));
            awaitForgotten();
            assertEquals(404, get(receipts(accepted), "wait=0").statusCode(), "nothing more can come");
        }
    }

    @Test
    void the_same_endpoint_has_one_receipt_subscription_and_another_has_another() {
        var first = receipts(ask(60));
        assertEquals(first, receipts(ask(60)));
        var named = sender.post(endpoint, new byte[0], Map.of("TTL", "60", "Push-Receipt", first.toString()));
        assertEquals(202, named.statusCode());
        assertEquals(first, receipts(named));
        device = accounts.open();
        try (var client = AutopushClient.connect(service, device)) {
            endpoint = client.register();
        }
        assertNotEquals(first, receipts(ask(60)));
    }

    @Test
    void nonsense_is_refused() throws Exception {
        assertEquals(
                400,
                sender.post(endpoint, new byte[0], Map.of("TTL", "60", "Push-Receipt", "https://evil.test/r"))
                        .statusCode());
        assertEquals(
                404, get(service.resolve("/push/receipts/nonsense"), "wait=0").statusCode());
        var unknown = endpoint.substring(endpoint.lastIndexOf('/') + 1);
        assertEquals(
                404, get(service.resolve("/push/receipts/" + unknown), "wait=0").statusCode());
    }

    /** A receipt is deleted when its answer has been sent, so that a broken connection loses none: until then it is told again. */
    private void awaitForgotten() {
        accounts.awaitRows("receipt", device.account(), 0);
    }

    private HttpResponse<String> ask(int ttl) {
        return sender.post(endpoint, new byte[0], headers(ttl));
    }

    private static Map<String, String> headers(int ttl, String... more) {
        var headers = new HashMap<>(Map.of("TTL", Integer.toString(ttl), "Prefer", "respond-async"));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    private static URI receipts(HttpResponse<?> accepted) {
        var link = LINK.matcher(header(accepted, "Link"));
        assertTrue(link.matches());
        return URI.create(link.group(1));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Message URL → status, as pushed. */
    private static ConcurrentMap<String, Integer> pushed(HttpClient http, URI receipts) {
        var pushed = new ConcurrentHashMap<String, CompletableFuture<Integer>>();
        var request =
                HttpRequest.newBuilder(receipts).header("Prefer", "wait=0").build();
        var end = http.sendAsync(
                        request,
                        BodyHandlers.ofString(),
                        (initiating, promise, acceptor) -> pushed.put(
                                promise.uri().toString(),
                                acceptor.apply(BodyHandlers.ofString()).thenApply(HttpResponse::statusCode)))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertEquals(204, end.statusCode());
        var statuses = new ConcurrentHashMap<String, Integer>();
        pushed.forEach((url, status) -> statuses.put(url, status.join()));
        return statuses;
    }

    private Map<String, Integer> listed(URI receipts) throws IOException, InterruptedException {
        return listed(receipts, "wait=0");
    }

    private Map<String, Integer> listed(URI receipts, String prefer) throws IOException, InterruptedException {
        var answer = get(receipts, prefer);
        if (answer.statusCode() == 204) {
            return Map.of();
        }
        assertEquals(200, answer.statusCode(), answer.body());
        var listed = new HashMap<String, Integer>();
        JsonArray all = new JsonObject(answer.body()).getJsonArray("receipts");
        all.forEach(
                each -> listed.put(((JsonObject) each).getString("message"), ((JsonObject) each).getInteger("status")));
        return listed;
    }

    private HttpResponse<String> get(URI receipts, String prefer) throws IOException, InterruptedException {
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(
                    HttpRequest.newBuilder(service.resolve(receipts.getPath()))
                            .header("Prefer", prefer)
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static HttpClient http2() {
        return HttpClient.newBuilder().sslContext(Tls.context()).build();
    }
}
