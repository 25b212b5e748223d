package org.domicile.messaging.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.domicile.messaging.device.CloseReason;
import org.domicile.messaging.testing.AutopushClient;
import org.domicile.messaging.testing.Endpoints;
import org.domicile.messaging.testing.InstanceProcess;
import org.domicile.messaging.testing.RawClient;
import org.domicile.messaging.testing.Sender;
import org.domicile.messaging.testing.SmallLimits;
import org.domicile.messaging.testing.TestAccounts;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both ends of the relay; a plain server plays the other region. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(
        value = PlatformResource.class,
        initArgs = {
            @ResourceArg(name = "service", value = "messaging"),
            @ResourceArg(name = "peer:ap-southeast.messaging", value = SmallLimits.OTHER_HOME)
        })
class RelayIT {
    /** Topic of a message that the other home takes and does not answer. */
    private static final String HANG_UP = "hang-up";
    /** Topic of a message whose answer the other home breaks off. */
    private static final String BREAK_OFF = "break-off";
    /** Topic of a message that comes when the account has left the other home, too. */
    private static final String LEFT = "left";

    private static final String LOOKUP = "/v1/directory/lookup";
    private static final String NUMBER = "+6580123456";
    private static final String AUTH = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final UUID RECEIPT = UUID.randomUUID();
    private static final String RECEIPTS = "[{\"id\":\"" + RECEIPT + "\",\"location\":\"where\",\"status\":204}]";

    private record Seen(String path, String ttl, String topic, String encoding, MultiMap headers, Buffer body) {}

    @TestHTTPResource("/")
    URI service;

    @Inject
    TestAccounts accounts;

    @Inject
    PeerServer peerServer;

    /** The other region's: an instance of its own, apart from the metrics of the service under test. */
    private final Vertx vertx = Vertx.vertx();

    private final BlockingQueue<String> receiptsAsked = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> receiptsAnswer = new CompletableFuture<>();
    private final CompletableFuture<String> lookedUp = new CompletableFuture<>();
    private final JsonArray foundThere = new JsonArray();
    private final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private final CompletableFuture<Short> farClose = new CompletableFuture<>();
    private HttpServer otherHome;
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

    @AfterEach
    void close() {
        await(vertx.close());
    }

    @Test
    void a_message_and_its_answer_pass_through_and_nothing_stays() {
        moveAway();
        var accepted = sender.send(endpoint, "onward", 77, "topic");
        assertEquals(201, accepted.statusCode());
        assertEquals(
                "https://push.test/push/message/x",
                accepted.headers().firstValue("Location").orElseThrow());
        assertEquals("77", accepted.headers().firstValue("TTL").orElseThrow());
        var there = seen.orTimeout(20, TimeUnit.SECONDS).join();
        assertEquals(URI.create(endpoint).getPath(), there.path());
        assertEquals("77", there.ttl());
        assertEquals("topic", there.topic());
        assertEquals("aes128gcm", there.encoding());
        assertTrue(there.body().length() > 100);
        assertEquals(0, accounts.rows("message", device.account()));
    }

    /** The home decides about all of it: who may send to a bound endpoint, how urgent it is, whether a receipt is wanted. */
    @Test
    void what_a_sender_says_of_a_message_reaches_the_home_and_what_it_says_of_the_way_does_not() {
        moveAway();
        var said = new TreeMap<>(Map.of(
                "TTL", "60",
                "Content-Encoding", "aes128gcm",
                "Urgency", "high",
                "Topic", "weather",
                "Authorization", sender.vapid("https://push.test", Instant.now().plusSeconds(600)),
                "Prefer", "respond-async",
                "Push-Receipt", "https://push.test/push/receipts/x",
                "Domicile-Devices", "a b"));
        var forged = Map.of("Forwarded", "for=192.0.2.1;host=elsewhere.test", "X-Forwarded-Host", "elsewhere.test");
        var all = new TreeMap<>(said);
        all.putAll(forged);

        // RFC 8188: salt, record size, length of the key's id, the id, at least one block
        var body = ByteBuffer.allocate(120).putInt(16, 4_096).put(20, (byte) 65).array();

        assertEquals(201, sender.post(endpoint, body, all).statusCode());

        var there = seen.orTimeout(20, TimeUnit.SECONDS).join();
        said.forEach((name, value) -> assertEquals(value, there.headers().get(name), name));
        forged.keySet().forEach(name -> assertNull(there.headers().get(name), name));
        assertArrayEquals(body, there.body().getBytes());
    }

    @Test
    void an_endpoint_that_was_spelled_before_is_relayed_as_it_is() {
        moveAway();
        var before = Endpoints.spelledBefore(endpoint, device.account());
        assertEquals(201, sender.wake(before, 77).statusCode());
        assertEquals(
                URI.create(before).getPath(),
                seen.orTimeout(20, TimeUnit.SECONDS).join().path());
    }

    @Test
    void a_home_that_is_lost_before_it_answers_may_have_taken_the_message() {
        moveAway();

        var unanswered = sender.send(endpoint, "onward", 77, HANG_UP);

        assertEquals(504, unanswered.statusCode(), unanswered.body());
        assertTrue(unanswered.body().contains("outcome-unknown"), unanswered.body());
        assertTrue(seen.isDone(), "the home had it");
    }

    @Test
    void an_answer_that_the_home_breaks_off_is_broken_off_here_too() {
        moveAway();
        assertThrows(IllegalStateException.class, () -> sender.send(endpoint, "onward", 77, BREAK_OFF));
        assertTrue(seen.isDone(), "the home had it");
    }

    /** The account came from there a moment ago: this region is its home, and is about to know it. */
    @Test
    void a_message_follows_an_account_that_has_left_the_home_it_was_relayed_to() {
        moveAway();
        var sent = CompletableFuture.supplyAsync(
                () -> sender.send(endpoint, "onward", 77, LEFT), task -> new Thread(task).start());
        seen.orTimeout(20, TimeUnit.SECONDS).join();
        accounts.query(
                "update fence set mode = 'OWN', epoch = 9 where account_id = $1",
                device.account().value());

        assertEquals(201, sent.orTimeout(20, TimeUnit.SECONDS).join().statusCode());
        assertEquals(1, accounts.rows("message", device.account()));
    }

    @Test
    void a_region_that_says_what_it_knows_is_told_where_the_account_went() {
        moveAway();
        assertEquals(421, fromPeer("ap-southeast.messaging", path(), "1"));
        assertFalse(seen.isDone());
    }

    @Test
    void a_cancellation_passes_through() {
        moveAway();
        assertEquals(
                204, sender.delete(endpoint.replace("/push/", "/push/message/")).statusCode());
    }

    @Test
    void a_socket_passes_through_with_its_frames_and_its_close_code() {
        moveAway();
        try (var client = AutopushClient.open(service, device)) {
            assertEquals("push-notification", client.subprotocol());
            var large = "x".repeat(10_000);
            client.send("{\"messageType\":\"echo\",\"text\":\"" + large + "\"}");
            assertEquals(large, client.expect("echo").getString("text"));
            client.send("close");
            assertEquals(4774, client.closeCode());
        }
    }

    @Test
    void relayed_sockets_take_the_places_of_connections_and_give_them_back() {
        moveAway();
        // of tests before this one some may be leaving still
        var first = Awaitility.await()
                .atMost(PATIENCE)
                .until(this::connectAll, all -> all.size() == SmallLimits.CONNECTIONS);
        var other = accounts.open();
        assertEquals(503, AutopushClient.refusal(service, device.credential()), "relayed");
        assertEquals(503, AutopushClient.refusal(service, other.credential()), "at home");
        first.forEach(AutopushClient::close);

        var stranger = new TestDevice(device.id(), "refuse-me");
        for (int i = 0; i < SmallLimits.CONNECTIONS; i++) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> AutopushClient.refusal(service, stranger.credential()) == 401);
        }
        var second = Awaitility.await()
                .atMost(PATIENCE)
                .until(this::connectAll, all -> all.size() == SmallLimits.CONNECTIONS);
        second.forEach(AutopushClient::close);
    }

    /** As many relayed sockets as there are places for. */
    private List<AutopushClient> connectAll() {
        var open = new ArrayList<AutopushClient>();
        try {
            while (open.size() < SmallLimits.CONNECTIONS) {
                open.add(AutopushClient.open(service, device));
            }
        } catch (CompletionException full) {
            open.forEach(AutopushClient::close);
            open.clear();
        }
        return open;
    }

    @Test
    void a_device_that_goes_closes_the_socket_at_its_home() throws Exception {
        moveAway();
        try (var client = AutopushClient.open(service, device)) {
            client.send("{\"messageType\":\"echo\"}");
            client.expect("echo");
            client.abort();
            farClose.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_ping_is_answered_by_the_relay_once_and_does_not_reach_the_other_side() {
        moveAway();
        try (var client = new RawClient(service, device)) {
            client.send("ping");
            assertEquals("ponged", new JsonObject(client.next()).getString("messageType"), "by no one but the relay");
            client.ping();
            client.pong();
            client.send("{}");
            assertEquals("{}", client.next());
        }
    }

    @Test
    void a_side_that_answers_no_ping_is_taken_for_gone_and_the_other_is_closed() throws Exception {
        moveAway();
        var impatient = Map.of("domicile.messaging.idle", "1s", "domicile.messaging.sweep-every", "200ms");
        try (var relay = InstanceProcess.startWith(impatient);
                var answering = AutopushClient.open(relay.service(), device)) {
            try (var vanished = new RawClient(relay.service(), device)) {
                assertEquals(CloseReason.SILENT.code(), vanished.closeCode());
                assertEquals((short) 1001, farClose.get(20, TimeUnit.SECONDS));
            }
            answering.send("{\"messageType\":\"echo\"}");
            answering.expect("echo");

            answering.send("sleep");
            // more than the home takes in while it does not read
            for (int i = 0; i < 40; i++) {
                answering.send("{}");
            }
            assertEquals(1012, answering.closeCode());
        }
    }

    @Test
    void a_frame_that_cannot_be_read_closes_with_a_precise_code() throws Exception {
        moveAway();
        try (var client = new RawClient(service, device)) {
            client.send("x".repeat(40_000));
            assertEquals(CloseReason.TOO_LARGE.code(), client.closeCode());
            assertEquals((short) 1001, farClose.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void a_home_that_no_region_is_keeps_no_place() {
        accounts.fence(device.account(), "SHADOW");
        accounts.residency(device.account(), "nowhere");
        for (int i = 0; i <= SmallLimits.CONNECTIONS; i++) {
            assertEquals(503, AutopushClient.refusal(service, device.credential()));
        }
        AutopushClient.connect(service, accounts.open()).close();
    }

    @Test
    void a_refusal_of_the_home_reaches_the_device() {
        moveAway();
        var stranger = new TestDevice(device.id(), "refuse-me");
        assertEquals(401, AutopushClient.refusal(service, stranger.credential()));
    }

    /** The home is asked, told and asked again; what it forgets is what a client has. */
    @Test
    void receipts_that_a_broken_connection_did_not_carry_come_again() throws Exception {
        moveAway();
        var path = path().replace("/push/", "/push/receipts/");
        try (var gone = new RawClient(service)) {
            gone.get(path);
            receiptsAsked.take();
            gone.reset();
        }
        receiptsAnswer.complete(RECEIPTS);

        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.resolve(path))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("/push/message/where"), answer.body());
        assertEquals("GET", receiptsAsked.poll(20, TimeUnit.SECONDS), "again, and nothing was forgotten before");
        assertEquals("DELETE [\"" + RECEIPT + "\"]", receiptsAsked.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void at_home_receipts_are_forgotten_when_they_have_been_told_elsewhere() {
        var headers = Map.of("TTL", "0", "Prefer", "respond-async");
        assertEquals(202, sender.post(endpoint, new byte[0], headers).statusCode());
        assertEquals(202, sender.post(endpoint, new byte[0], headers).statusCode());
        var path = path(sender.post(endpoint, new byte[0], headers));
        var peer = "ap-southeast.messaging";
        var ready = new JsonArray(asPeer(peer, HttpMethod.GET, path, "0", null).body());
        assertEquals(3, ready.size());
        assertEquals(3, accounts.rows("receipt", device.account()), "asking forgets nothing");

        var ids = new JsonArray().add(ready.getJsonObject(0).getString("id"));
        assertEquals(
                403,
                asPeer("ap-southeast.backup", HttpMethod.DELETE, path, "0", ids.encode())
                        .status());
        assertEquals(400, asPeer(peer, HttpMethod.DELETE, path, "0", "[7]").status());
        assertEquals(
                204, asPeer(peer, HttpMethod.DELETE, path, "0", ids.encode()).status());
        assertEquals(2, accounts.rows("receipt", device.account()));
    }

    private static String path(HttpResponse<?> accepted) {
        var link = accepted.headers().firstValue("Link").orElseThrow();
        return URI.create(link.substring(1, link.indexOf('>'))).getPath();
    }

    @Test
    void at_home_a_relayed_message_is_taken() {
        assertEquals(201, fromPeer("ap-southeast.messaging", path()));
        assertEquals(1, accounts.rows("message", device.account()));
    }

    @Test
    void what_was_relayed_is_not_relayed_again() {
        moveAway();
        assertEquals(503, fromPeer("ap-southeast.messaging", path()));
        assertFalse(seen.isDone());
    }

    @Test
    void only_messaging_services_relay() {
        assertEquals(403, fromPeer("ap-southeast.backup", path()));
        assertEquals(0, accounts.rows("message", device.account()));
    }

    @Test
    void a_number_is_looked_for_in_every_region_and_the_answer_says_who_was_found_there() {
        moveAway();
        var there = new JsonObject()
                .put("deviceId", accounts.device(AccountId.create()).id().value())
                .put("endpoint", endpoint)
                .put("p256dh", sender.publicKey())
                .put("auth", AUTH);
        foundThere.add(there);
        var seeker = accounts.open();

        var found = lookup(seeker, new JsonObject().put("phone", NUMBER));

        assertEquals(200, found.statusCode(), found.body());
        assertEquals(new JsonObject().put("devices", foundThere), new JsonObject(found.body()));
        assertEquals(
                new JsonObject().put("phone", NUMBER),
                new JsonObject(lookedUp.orTimeout(20, TimeUnit.SECONDS).join()));
    }

    @Test
    void a_region_that_cannot_be_asked_does_not_hide_who_is_found_here() {
        var found = lookup(device, new JsonObject().put("phone", NUMBER));

        assertEquals(200, found.statusCode(), found.body());
        assertEquals(new JsonObject().put("devices", new JsonArray()), new JsonObject(found.body()));
    }

    @Test
    void other_regions_are_answered_from_what_lives_here_and_only_their_messaging_services() {
        moveAway();
        foundThere.add(new JsonObject());
        var query = new JsonObject().put("phone", NUMBER).encode();

        assertEquals(
                403,
                asPeer("ap-southeast.account", HttpMethod.POST, LOOKUP, "0", query)
                        .status());
        var answer = asPeer("ap-southeast.messaging", HttpMethod.POST, LOOKUP, "0", query);
        assertEquals(200, answer.status());
        assertEquals(new JsonObject().put("devices", new JsonArray()), new JsonObject(answer.body()));
        assertFalse(lookedUp.isDone(), "who asks is not asked");
    }

    @Test
    void only_instances_of_this_region_hand_over_a_message_that_is_never_stored() {
        var message = new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("deviceId", device.id().value())
                .put("channelId", UUID.randomUUID().toString())
                .put("body", "")
                .put("expires", Instant.now().toString())
                .put("urgency", "NORMAL")
                .put("receipt", false);
        for (var stranger : List.of("ap-southeast.messaging", "cn-north.account")) {
            assertEquals(403, handOver(stranger, message.encode()), stranger);
        }
        assertEquals(400, handOver("cn-north.messaging", "{}"));
        assertEquals(404, handOver("cn-north.messaging", message.encode()), "its device is not connected");
        try (var client = AutopushClient.connect(service, device)) {
            assertEquals(204, handOver("cn-north.messaging", message.encode()));
            assertEquals(message.getString("id"), client.notification().getString("version"));
        }
        assertEquals(0, accounts.rows("message", device.account()));
    }

    private int handOver(String identity, String message) {
        return asPeer(identity, HttpMethod.POST, "/instance/v1/messages", "0", message)
                .status();
    }

    private HttpResponse<String> lookup(TestDevice seeker, JsonObject query) {
        var request = HttpRequest.newBuilder(service.resolve(LOOKUP))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + TestTokens.owner(seeker.account()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(query.encode()))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private String path() {
        return URI.create(endpoint).getPath();
    }

    private int fromPeer(String identity, String path) {
        return fromPeer(identity, path, "0");
    }

    private int fromPeer(String identity, String path, String known) {
        return asPeer(identity, HttpMethod.POST, path, known, "").status();
    }

    private record Answered(int status, Buffer body) {}

    private Answered asPeer(String identity, HttpMethod method, String path, String known, String body) {
        var authority = PlatformResource.authority();
        var client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setKeyCertOptions(identity(identity))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(authority.ca().toString())));
        return await(client.request(method, peerServer.port(), "localhost", path)
                .compose(request -> {
                    request.putHeader("TTL", "60").putHeader("Domicile-Epoch", known);
                    return body == null ? request.send() : request.send(body);
                })
                .compose(response -> response.body().map(read -> new Answered(response.statusCode(), read)))
                .eventually(() -> client.close()));
    }

    /** The account's home is the other region from now on, and somebody is there. */
    private void moveAway() {
        var authority = PlatformResource.authority();
        otherHome = vertx.createHttpServer(new HttpServerOptions()
                .setPort(SmallLimits.OTHER_HOME_PORT)
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(identity("ap-southeast.messaging"))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(authority.ca().toString()))
                .addWebSocketSubProtocol("push-notification"));
        otherHome.webSocketHandshakeHandler(handshake -> {
            if (handshake.path().endsWith("refuse-me")) {
                handshake.reject(401);
            } else {
                handshake.accept();
            }
        });
        otherHome.webSocketHandler(socket -> {
            socket.closeHandler(closed -> farClose.complete(socket.closeStatusCode()));
            socket.textMessageHandler(text -> {
                switch (text) {
                    case "close" -> socket.close((short) 4774, "stay away");
                    case "ping" -> socket.writePing(Buffer.buffer());
                    case "sleep" -> socket.pause();
                    default -> socket.writeTextMessage(text);
                }
            });
            socket.pongHandler(pong -> socket.writeTextMessage("{\"messageType\":\"ponged\"}"));
        });
        otherHome.requestHandler(request -> request.body().onSuccess(body -> {
            if (request.path().startsWith("/push/receipts/")) {
                answerReceipts(request, body);
                return;
            }
            if (request.path().equals(LOOKUP)) {
                lookedUp.complete(body.toString());
                request.response()
                        .end(new JsonObject().put("devices", foundThere).toBuffer());
                return;
            }
            seen.complete(new Seen(
                    request.path(),
                    request.getHeader("TTL"),
                    request.getHeader("Topic"),
                    request.getHeader("Content-Encoding"),
                    request.headers(),
                    body));
            if (HANG_UP.equals(request.getHeader("Topic"))) {
                request.connection().close();
                return;
            }
            if (BREAK_OFF.equals(request.getHeader("Topic"))) {
                request.response()
                        .setStatusCode(400)
                        .setChunked(true)
                        .write("half of")
                        .onComplete(written -> request.connection().close());
                return;
            }
            if (LEFT.equals(request.getHeader("Topic"))) {
                request.response()
                        .setStatusCode(421)
                        .putHeader("Domicile-Epoch", "9")
                        .end("{}");
                return;
            }
            var status = request.method() == HttpMethod.POST ? 201 : 204;
            request.response()
                    .setStatusCode(status)
                    .putHeader("Location", "https://push.test/push/message/x")
                    .putHeader("TTL", "77")
                    .end();
        }));
        await(otherHome.listen());
        accounts.fence(device.account(), "SHADOW");
        accounts.residency(device.account(), TestRegions.SG);
    }

    private void answerReceipts(HttpServerRequest request, Buffer body) {
        receiptsAsked.add((request.method() + " " + body).strip());
        if (request.method() == HttpMethod.GET) {
            receiptsAnswer.whenComplete((list, failure) ->
                    vertx.runOnContext(v -> request.response().end(list)));
        } else {
            request.response().setStatusCode(204).end();
        }
    }

    private static PemKeyCertOptions identity(String name) {
        var authority = PlatformResource.authority();
        return new PemKeyCertOptions()
                .setCertPath(authority.issue(name).toString())
                .setKeyPath(authority.keyOf(name).toString());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
