package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessengerTest {
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ScriptedServer service = new ScriptedServer();
    private final Messenger messenger = messenger(1);

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void a_device_that_the_list_lacks_gets_the_message_too_and_nobody_gets_it_twice() throws IOException {
        Messenger.Inbox one = inbox("one");
        Messenger.Inbox two = inbox("two");
        service.always("POST /push/one", Answer.json(201, ""));
        service.next("POST /push/two", stale(one, two));
        service.always("POST /push/two", Answer.json(201, ""));
        Messenger.Inbox gone = inbox("gone");
        service.always("POST /push/gone", stale(one, two));

        List<Messenger.Inbox> sent = messenger.sendAll(List.of(one, gone), MessengerTest::content, TTL);

        assertEquals(List.of(one, two), sent);
        assertEquals(1, service.count("POST /push/one"));
        assertEquals(2, service.count("POST /push/two"));
    }

    @Test
    void a_list_that_never_settles_ends_with_the_refusal() {
        Messenger.Inbox one = inbox("one");
        service.always("POST /push/one", stale(one));
        ProblemException refused = assertThrows(
                ProblemException.class, () -> messenger.sendAll(List.of(one), MessengerTest::content, TTL));
        assertEquals(409, refused.status());
    }

    @Test
    void what_was_refused_is_sent_again_and_what_may_have_been_taken_is_not() throws IOException {
        Messenger.Inbox one = inbox("one");
        service.next(
                "POST /push/one", Answer.problem(503, "unavailable", "\"x\":1").with("Retry-After", "0"));
        service.next("POST /push/one", Answer.json(201, ""));
        service.always("POST /push/one", Answer.problem(504, "outcome-unknown", "\"x\":1"));

        messenger(3).send(one, content(one), TTL);
        ProblemException unknown =
                assertThrows(ProblemException.class, () -> messenger(3).send(one, content(one), TTL));

        assertEquals(504, unknown.status());
        assertEquals(3, service.count("POST /push/one"));
    }

    @Test
    void the_digest_of_a_list_does_not_depend_on_its_order() {
        Messenger.Inbox one = inbox("one");
        Messenger.Inbox two = inbox("two");
        assertEquals(Messenger.digest(List.of(one, two)), Messenger.digest(List.of(two, one)));
    }

    private static Messenger messenger(int attempts) {
        RetryPolicy policy = new RetryPolicy(attempts, Duration.ofMillis(1), Duration.ofMillis(1));
        return new Messenger(new Http(HttpClient.newHttpClient(), policy, new Random(1)), null, RANDOM);
    }

    private static byte[] content(Messenger.Inbox inbox) {
        return inbox.deviceId().getBytes(StandardCharsets.UTF_8);
    }

    private Messenger.Inbox inbox(String device) {
        return new Messenger.Inbox(
                device,
                URI.create("http://127.0.0.1:" + service.port() + "/push/" + device),
                InboxKeys.generate(RANDOM).forSenders());
    }

    private static Answer stale(Messenger.Inbox... current) {
        StringBuilder devices = new StringBuilder();
        for (Messenger.Inbox inbox : current) {
            devices.append(devices.isEmpty() ? "" : ",")
                    .append(Json.object()
                            .put("deviceId", inbox.deviceId())
                            .put("endpoint", inbox.endpoint().toString())
                            .put("p256dh", inbox.keys().p256dh())
                            .put("auth", inbox.keys().auth()));
        }
        return Answer.problem(409, "stale-devices", "\"devices\":[" + devices + "]");
    }
}
