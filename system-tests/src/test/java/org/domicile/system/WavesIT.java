package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;
import static org.domicile.system.StartedStack.client;
import static org.domicile.system.StartedStack.stack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Waves;
import org.domicile.local.Domicile;
import org.domicile.local.demo.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator moves accounts by one order while their owners write, and takes another such order back. */
@ExtendWith(StartedStack.class)
class WavesIT {
    private static final int ACCOUNTS = 3;
    private static final int AFTERWARDS = 10;
    /** No bar: on a busy computer a service that was killed takes minutes to start. */
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final SecureRandom random = new SecureRandom();

    @Test
    void a_wave_goes_on_when_its_service_dies_is_taken_back_and_loses_nothing() throws Exception {
        var people = people();
        try (var history = history(people.getFirst())) {
            history.start();

            var wave = create(people);
            until(wave, shown -> in(shown, "MOVED") + in(shown, "MOVING") > 0);
            stack().restart(CN + "-migration");
            var done = until(wave, shown -> shown.path("state").asText().equals("DONE"));
            assertEquals(ACCOUNTS, in(done, "MOVED"), done.toString());

            domicile("wave", "rollback", wave);
            var back = until(wave, shown -> shown.path("state").asText().equals("ROLLED_BACK"));

            assertEquals(
                    ACCOUNTS,
                    in(back, "ROLLED_BACK") + in(back, "STAYED") + in(back, "ROLLBACK_FAILED"),
                    "back, past the point of no return, or given up and at the new home still: " + back);
            assertTrue(domicile("wave", "show", wave).contains(wave), "the command names it");
            whole(history);
        }
    }

    private static void whole(History history) throws Exception {
        var written = history.acknowledged();
        await("writes go on", () -> history.acknowledged() > written + AFTERWARDS);
        history.close();
        assertEquals(List.of(), history.check());
    }

    private static String create(List<Person> people) throws IOException {
        var accounts =
                people.stream().map(person -> person.account().toString()).collect(Collectors.joining(","));
        var created = domicile(
                "wave",
                "create",
                "--json",
                "--home",
                CN,
                "--to",
                SG,
                "--account",
                accounts,
                "--concurrency",
                "2",
                "--error-budget",
                Integer.toString(ACCOUNTS));
        return new ObjectMapper().readTree(created).path("id").asText();
    }

    /** What the command printed; it must end well. */
    private static String domicile(String... arguments) {
        var out = new StringWriter();
        var line = Domicile.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        assertEquals(0, line.execute(arguments), out.toString());
        return out.toString();
    }

    private static JsonNode until(String wave, Predicate<JsonNode> condition) throws Exception {
        var last = new AtomicReference<JsonNode>();
        await("the wave " + wave, () -> {
            last.set(new Waves(operator()).get(wave));
            return condition.test(last.get());
        });
        return last.get();
    }

    private static Session operator() throws IOException {
        var operator = DomicileClient.of(client());
        return operator.signIn(operator.regions().get(CN), client().operator());
    }

    private static int in(JsonNode wave, String state) {
        return wave.path("accounts").path(state).asInt();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        var end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (IOException e) {
                // the service is down for a while
            }
            assertTrue(Instant.now().isBefore(end), "did not come: " + what);
            Thread.sleep(LOOK);
        }
    }

    private List<Person> people() throws IOException {
        var people = new ArrayList<Person>();
        for (var i = 0; i < ACCOUNTS; i++) {
            var person = Person.signUp(client(), "SG", "Mover", random);
            person.addDevice("phone");
            person.consent("backup");
            person.consent("messaging");
            people.add(person);
        }
        return people;
    }

    private History history(Person owner) throws Exception {
        var friend = Person.signUp(client(), "SG", "Friend", random);
        friend.consent("messaging");
        return new History(owner, friend.messenger(), InboxKeys.generate(random));
    }
}
