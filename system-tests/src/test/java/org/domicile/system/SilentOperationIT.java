package org.domicile.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.client.sdk.Credential;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.Secret;
import org.domicile.client.sdk.Service;
import org.domicile.local.demo.MoveWatch;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.platform.testing.TraceReceiver.Seen;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Someone's phone number, e-mail address, name, credential, password and push address are planted in everything that a person does,
 * and looked for in all that operators get to see: the logs of every service and identity provider down to DEBUG of ours, the spans,
 * and every topic.
 */
@ExtendWith(StartedStack.class)
class SilentOperationIT {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> REGIONS = List.of(StartedStack.CN, StartedStack.SG);
    private static final List<String> SERVICES = List.of("account", "backup", "messaging", "migration", "shop");
    private static final Pattern VOCABULARY = Pattern.compile("(?m)^\\| (`[^|]*) \\|");

    private static final Pattern SPAN = Pattern.compile(
            "(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|OTHER) (/.*|none)"
                    + "|consume [a-z.-]+|task (COPY|CHECK|SEAL|SETTLE|PURGE)|move [A-Z_]+|deliver (commands|acks|batons|near)");

    private final org.domicile.client.sdk.Stack client = StartedStack.client();

    @Test
    void what_operators_see_holds_ids_only() throws Exception {
        var planted = live();

        var receiver = StartedStack.traces();
        Wait.until("the requests are traced", () -> receiver.all().stream()
                .map(Seen::name)
                .collect(Collectors.toSet())
                .containsAll(Set.of(
                        "POST /push/:capability", "POST /v1/accounts", "POST /restic/", "POST /v1/directory/lookup")));
        assertTrue(receiver.holds("/push/:capability"), "spans can be looked through");
        assertTrue(log(StartedStack.CN, "migration").contains("\"event\""), "logs can be looked through");
        var topics = topics();
        assertTrue(topics.contains("accountId"), "topics can be looked through");
        var found = new TreeSet<String>();
        planted.forEach((what, text) -> {
            if (receiver.holds(text)) {
                found.add(what + " in a span");
            }
            if (topics.contains(text)) {
                found.add(what + " in a topic");
            }
            for (var region : REGIONS) {
                for (var part : List.of("account", "backup", "messaging", "migration", "shop", "keycloak")) {
                    if (log(region, part).contains(text)) {
                        found.add(what + " in the log of " + region + " " + part);
                    }
                }
            }
        });
        assertEquals(Set.of(), found);
        WatchedMetrics.await();
    }

    @Test
    void every_span_is_of_the_vocabulary() throws IOException {
        var page = Files.readString(Path.of(System.getProperty("domicile.root"), "docs/traces.md"));
        var unknown = new TreeSet<String>();
        for (var span : StartedStack.traces().all()) {
            if (!SPAN.matcher(span.name()).matches()) {
                unknown.add(span.name());
            }
            span.about().keySet().stream()
                    .filter(key -> !page.contains("`" + key + "`"))
                    .forEach(unknown::add);
        }
        assertEquals(Set.of(), unknown);
    }

    @Test
    void every_line_of_every_service_is_json_of_the_vocabulary() throws IOException {
        var known = vocabulary();
        var unknown = new TreeSet<String>();
        for (var region : REGIONS) {
            for (var service : SERVICES) {
                var lines = log(region, service)
                        .lines()
                        .dropWhile(line -> !line.startsWith("{"))
                        .toList();
                assertTrue(lines.size() > 3, region + " " + service + " says something");
                for (var line : lines) {
                    var json = parsed(line);
                    assertEquals(region, json.path("region").asText(), line);
                    assertEquals(service, json.path("service").asText(), line);
                    json.path("fields").fieldNames().forEachRemaining(field -> {
                        if (!known.contains(field)) {
                            unknown.add(field + ": " + line);
                        }
                    });
                }
            }
        }
        assertEquals(Set.of(), unknown);
    }

    /** @return what was planted → its text */
    private Map<String, String> live() throws Exception {
        var phone = "91" + (100_000 + RANDOM.nextInt(900_000));
        var name = "Zz" + Long.toString(RANDOM.nextLong(1L << 50), 36);
        var person = Person.signUp(client, "SG", name, Identifier.of("+65" + phone), RANDOM);
        person.addDevice(name + "'s phone");
        for (var feature : List.of("backup", "messaging", "discoverability")) {
            person.consent(feature);
        }
        var wrong = new Secret("Wrong-" + Long.toString(RANDOM.nextLong(1L << 50), 36));
        assertThrows(IOException.class, () -> person.client()
                .signIn(person.session().home(), new Credential("+65" + phone, wrong)));
        var endpoint = inbox(person);
        var said = "Said-" + Long.toString(RANDOM.nextLong(1L << 50), 36);
        var sender = message(person, said);
        person.create(name);
        move(person);
        person.session().get(Service.ACCOUNT, "/v1/me");
        person.consent("diagnostics");

        var planted = new LinkedHashMap<String, String>();
        planted.put("the phone number", phone);
        planted.put("the name", name);
        planted.put("what a message says", said);
        planted.put("an e-mail address", sender.identifier().value());
        planted.put("the device's secret", person.device().secret().reveal());
        planted.put("a password", wrong.reveal());
        planted.put(
                "the push address", Path.of(endpoint.getPath()).getFileName().toString());
        return planted;
    }

    private URI inbox(Person person) throws Exception {
        try (var socket = person.connect()) {
            var endpoint = socket.register(UUID.randomUUID());
            var keys = InboxKeys.generate(RANDOM);
            person.messenger().publish(new Messenger.Inbox(person.device().id(), endpoint, keys.forSenders()));
            return endpoint;
        }
    }

    /** @return whoever sent it */
    private Person message(Person person, String text) throws Exception {
        var sender = Person.signUp(client, "SG", "Mei", RANDOM);
        sender.consent("messaging");
        var found = new AtomicReference<List<Messenger.Inbox>>(List.of());
        Wait.until("the person is found by the number", () -> {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            try {
                found.set(sender.messenger().find(person.identifier()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return !found.get().isEmpty();
        });
        sender.messenger().send(found.get().getFirst(), text.getBytes(StandardCharsets.UTF_8), Duration.ofHours(1));
        return sender;
    }

    private void move(Person person) throws Exception {
        var operator = DomicileClient.of(client);
        var moves = new Moves(operator.signIn(operator.regions().get(StartedStack.CN), client.operator()));
        MoveWatch.order(
                        moves,
                        new Screen(new PrintWriter(System.err, true), false),
                        person.account().toString(),
                        StartedStack.SG)
                .until(Set.of("ATTESTED"));
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    private static String topics() throws IOException {
        var all = new StringBuilder();
        for (var region : REGIONS) {
            for (var record :
                    TopicRecords.of(StartedStack.description().regions().get(region))) {
                all.append(record.key()).append(' ').append(record.value()).append('\n');
            }
        }
        return all.toString();
    }

    private static String log(String region, String part) {
        try {
            return Files.readString(StartedStack.home().log(region + "-" + part), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> vocabulary() throws IOException {
        var page = Files.readString(Path.of(System.getProperty("domicile.root"), "docs/logs.md"));
        return VOCABULARY
                .matcher(page)
                .results()
                .flatMap(row -> Arrays.stream(row.group(1).split(",")))
                .map(name -> name.replace("`", "").strip())
                .collect(Collectors.toSet());
    }
}
