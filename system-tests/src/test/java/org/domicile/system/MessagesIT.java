package org.domicile.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.WebPushCipher;
import org.domicile.local.demo.MoveWatch;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.demo.SourceInspection;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Push and messages between people, across two whole regions. */
@ExtendWith(StartedStack.class)
class MessagesIT {
    private static final String CN = StartedStack.CN;
    private static final String SG = StartedStack.SG;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Long after what waits has come. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Map<String, String> PLAIN = Map.of();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Screen SCREEN = new Screen(new PrintWriter(System.err, true), false);

    private final org.domicile.client.sdk.Stack client = StartedStack.client();
    private final InboxKeys keys = InboxKeys.generate(RANDOM);
    private final WebPushSender sender;

    MessagesIT() throws IOException {
        sender = new WebPushSender(DomicileClient.of(client).http().client());
    }

    /** What was accepted before the move is delivered after it, once; what senders were told of it stays true. */
    @Test
    void a_queue_moves_with_its_account_topics_receipts_and_bound_senders_included() throws Exception {
        var person = consenting(Identifier.of("ann." + number() + "@example.org"));
        var origin = person.client().regions().push();
        URI open;
        URI bound;
        try (var socket = person.connect()) {
            open = socket.register(UUID.randomUUID());
            bound = socket.register(UUID.randomUUID(), sender.publicKey());
        }
        for (int i = 0; i < 5; i++) {
            accepted(201, send(open, "plain " + i, PLAIN));
        }
        var cancelled = accepted(201, send(open, "cancelled", PLAIN));
        var replaced = accepted(201, send(open, "replaced before the move", Map.of("Topic", "before")));
        accepted(201, send(open, "of a topic", Map.of("Topic", "before")));
        var replacedAfter = accepted(201, send(open, "replaced after the move", Map.of("Topic", "after")));
        var tracked = send(open, "tracked", Map.of("Prefer", "respond-async"));
        var message = accepted(202, tracked);
        accepted(201, send(bound, "signed", sender.signed(origin)));

        move(person);

        assertEquals(204, sender.cancel(cancelled).statusCode(), "what waits can be cancelled at its new home");
        accepted(201, send(open, "of the other topic", Map.of("Topic", "after")));
        assertEquals(401, send(bound, "unsigned", PLAIN).statusCode());
        var stranger = new WebPushSender(person.client().http().client());
        assertEquals(403, send(bound, "of a stranger", stranger.signed(origin)).statusCode());
        accepted(201, send(bound, "signed again", sender.signed(origin)));

        assertEquals(
                List.of(
                        "plain 0",
                        "plain 1",
                        "plain 2",
                        "plain 3",
                        "plain 4",
                        "of a topic",
                        "tracked",
                        "signed",
                        "of the other topic",
                        "signed again"),
                taken(person));
        for (var gone : List.of(cancelled, replaced, replacedAfter, message)) {
            assertEquals(404, sender.cancel(gone).statusCode());
        }
        var told = sender.receipts(linked(tracked));
        assertEquals(200, told.statusCode(), told.body());
        assertTrue(told.body().contains("\"" + message + "\""), told.body());
        assertTrue(told.body().contains("\"status\":204"), told.body());
        var left = SourceInspection.of(
                StartedStack.description().regions().get(CN),
                StartedStack.home().file(CN + "/s3/objects"),
                person.account());
        assertEquals(0, left.rowsLeft(), left.rows().toString());
    }

    @Test
    void somebody_who_lives_elsewhere_is_found_by_number_and_written_to() throws Exception {
        var phone = Identifier.of("+65" + (80_000_000 + RANDOM.nextInt(10_000_000)));
        var ann = consenting(phone);
        var inbox = ann.publishInbox(UUID.randomUUID(), keys);
        var ben = consenting(Identifier.of("ben." + number() + "@example.org"));
        move(ann);
        assertEquals(List.of(), ben.messenger().find(phone), "she does not want to be found");

        ann.consent("discoverability");

        var found = new ArrayList<Messenger.Inbox>();
        Wait.until("she is found", () -> found.addAll(find(ben, phone)));
        assertEquals(List.of(inbox), found);
        var words = "Dear Ann " + number();
        ben.messenger().sendAll(found, to -> bytes(words), Duration.ofMinutes(10));
        assertEquals(List.of(words), taken(ann));
    }

    private static List<Messenger.Inbox> find(Person seeker, Identifier identifier) {
        try {
            return seeker.messenger().find(identifier);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is said by all that waits for the person's device, each acknowledged; then nothing is left. */
    private List<String> taken(Person person) throws IOException, InterruptedException {
        var said = new ArrayList<String>();
        try (var socket = person.connect()) {
            for (var next = socket.next(PATIENCE); next != null; next = socket.next(SILENCE)) {
                said.add(new String(WebPushCipher.decrypt(next.body(), keys), StandardCharsets.UTF_8));
                socket.acknowledge(next);
            }
        }
        try (var again = person.connect()) {
            assertNull(again.next(SILENCE), "delivered is gone");
        }
        return said;
    }

    private HttpResponse<String> send(URI endpoint, String words, Map<String, String> headers)
            throws IOException, InterruptedException {
        return sender.send(endpoint, WebPushCipher.encrypt(bytes(words), keys.forSenders(), RANDOM), headers);
    }

    /** @return the message's address */
    private static URI accepted(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
    }

    private static URI linked(HttpResponse<String> answer) {
        var link = answer.headers().firstValue("Link").orElseThrow();
        return URI.create(link.substring(link.indexOf('<') + 1, link.indexOf('>')));
    }

    private static byte[] bytes(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }

    private Person consenting(Identifier identifier) throws IOException {
        var person = Person.signUp(client, "SG", "Ann", identifier, RANDOM);
        person.addDevice("phone");
        person.consent("messaging");
        return person;
    }

    private void move(Person person) throws IOException, InterruptedException {
        var operator = DomicileClient.of(client);
        var moves = new Moves(operator.signIn(operator.regions().get(CN), client.operator()));
        MoveWatch.order(moves, SCREEN, person.account().toString(), SG).until(Set.of("ATTESTED"));
    }

    private static String number() {
        return Long.toString(RANDOM.nextLong(1L << 40), 36);
    }
}
