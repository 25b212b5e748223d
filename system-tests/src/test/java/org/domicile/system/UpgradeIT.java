package org.domicile.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Moves;
import org.domicile.local.Stack;
import org.domicile.local.demo.MoveWatch;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The previous release's services in one region, these in the other: accounts move between them, and the old region is upgraded,
 * while writes go on. {@code -Ddomicile.previous=FOLDER}: where the previous release was built (docs/runbooks/upgrade.md).
 */
@EnabledIfSystemProperty(
        named = "domicile.previous",
        matches = ".+",
        disabledReason = "no previous release was built: docs/runbooks/upgrade.md says how")
class UpgradeIT {
    private static final String OLD = StartedStack.CN;
    private static final String NEW = StartedStack.SG;
    private static final Set<String> ARRIVED = Set.of("SOAK", "PURGING", "ATTESTED");
    private static final int AFTERWARDS = 20;

    private final SecureRandom random = new SecureRandom();
    private final Home home = new Home(
            Home.locate().sources(), Path.of("target/upgrade").toAbsolutePath().normalize());

    @Test
    void accounts_move_between_releases_and_a_region_is_upgraded_without_losing_a_write() throws Exception {
        configure();
        try (var stack = new Stack(home, List.of(OLD, NEW), System.err::println)) {
            stack.servicesFrom(
                    OLD, Path.of(System.getProperty("domicile.previous")).toAbsolutePath());
            stack.start();
            var client = org.domicile.client.sdk.Stack.read(home.folder());
            var friend = Person.signUp(client, "SG", "Friend", random);
            friend.consent("messaging");

            var first = person(client);
            try (var history = begun(first, friend)) {
                move(client, first);
                goesOn(history);
                history.close();
                assertEquals(List.of(), history.check(), "moved from the old release to the new one");
            }

            var second = person(client);
            try (var history = begun(second, friend)) {
                stack.upgrade(OLD, home.sources());
                goesOn(history);
                move(client, second);
                goesOn(history);
                history.close();
                assertEquals(List.of(), history.check(), "upgraded, then moved");
            }
        }
    }

    /**
     * The services of the previous release know fewer settings, name the policy by another, and read no endpoint that is spelled with a
     * routing key.
     */
    private void configure() throws IOException {
        home.prepare();
        Files.writeString(
                home.file(OLD + ".properties"),
                "smallrye.config.mapping.validate-unknown=false\ndomicile.consent.policy-version=2026-01\n");
        var key = new byte[32];
        random.nextBytes(key);
        Files.writeString(
                home.file("routing-keys.json"),
                "{\"keys\":{\"1\":\"" + Base64.getEncoder().encodeToString(key) + "\"}}");
    }

    private Person person(org.domicile.client.sdk.Stack client) throws IOException {
        var person = Person.signUp(client, "SG", "Mover", random);
        person.addDevice("phone");
        person.consent("backup");
        person.consent("messaging");
        return person;
    }

    private History begun(Person person, Person friend) throws IOException, InterruptedException {
        var history = new History(person, friend.messenger(), InboxKeys.generate(random));
        history.start();
        goesOn(history);
        return history;
    }

    private static void goesOn(History history) {
        var before = history.acknowledged();
        Wait.until("writes are acknowledged", () -> history.acknowledged() > before + AFTERWARDS);
    }

    private static void move(org.domicile.client.sdk.Stack client, Person person)
            throws IOException, InterruptedException {
        var operator = DomicileClient.of(client);
        var moves = new Moves(operator.signIn(operator.regions().get(OLD), client.operator()));
        MoveWatch.order(
                        moves,
                        new Screen(new PrintWriter(System.err, true), false),
                        person.account().toString(),
                        NEW)
                .until(ARRIVED);
    }
}
