package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;
import static org.domicile.system.StartedStack.client;
import static org.domicile.system.StartedStack.description;
import static org.domicile.system.StartedStack.home;
import static org.domicile.system.StartedStack.stack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Moves;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.SourceInspection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Accounts move while a process is killed, or the lines between the regions are slow, cut or lossy, and writers go on; then the history
 * is checked. {@code -Ddomicile.faults.seed=N -Ddomicile.faults.moves=M -Ddomicile.faults.transitions=T -Ddomicile.faults.skew=PT1H} make it
 * another run, or the same again.
 */
@ExtendWith(StartedStack.class)
class MoveFaultsIT {
    private static final long SEED = Long.getLong("domicile.faults.seed", 1);
    private static final int MOVES = Integer.getInteger("domicile.faults.moves", 3);
    private static final int TRANSITIONS = Integer.getInteger("domicile.faults.transitions", 1);
    /** No bar: on a busy computer a service that was killed takes minutes to start. */
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Set<String> ARRIVED = Set.of("SOAK", "CHECKING", "PURGING", "ATTESTED");
    private static final Set<String> GIVEN_UP = Set.of("ABORTED", "QUARANTINED");
    private static final int ORDERS = 5;
    private static final int AFTERWARDS = 10;
    /** SHADOW, KEEP, ACTIVATE, FEED, FEED or KEEP, PURGE and ACTIVATE of four participants; FREEZE and CLOSE are brought, not sent. */
    private static final int ORDERED = 4 * 5;

    private final SecureRandom random = new SecureRandom();

    @AfterEach
    void shortLines() {
        stack().links().forEach(link -> {
            link.mend();
            link.lossy(0, SEED);
            link.roundTrip(Duration.ZERO);
        });
    }

    /** A database ends such a wait after a second, in which the account takes no writes. */
    @AfterEach
    void nobodyWaitedForWhoWaitedForHim() throws IOException {
        try (var logs = Files.newDirectoryStream(home().file("logs"), "*-postgres.log")) {
            for (var log : logs) {
                assertFalse(Files.readString(log).contains("deadlock detected"), log + " tells of a deadlock");
            }
        }
    }

    @Test
    void nothing_is_lost_whatever_dies_during_a_move() throws Exception {
        var friend = friend();
        var moved = new ArrayList<Person>();
        for (var fault : Fault.of(SEED, MOVES)) {
            var person = mover();
            moved.add(person);
            fault.prepare(stack());
            assertEquals(
                    List.of(),
                    breaches(person, friend, fault.toString(), () -> strike(fault)),
                    fault + " of seed " + SEED);
        }
        for (var person : moved) {
            purged(person);
        }
    }

    @Test
    void nothing_is_lost_when_the_process_that_takes_a_step_dies_at_its_commit() throws Exception {
        var friend = friend();
        for (var transition : Transition.of(SEED, TRANSITIONS)) {
            var person = mover();
            try (var trap = transition.trap(description(), person.account())) {
                var breaches = breaches(person, friend, transition.toString(), () -> strike(transition, trap));
                assertEquals(List.of(), breaches, transition + ", one of seed " + SEED);
            }
        }
    }

    @Test
    void commands_that_come_again_late_and_in_another_order_change_nothing() throws Exception {
        var friend = friend();
        var person = mover();
        try (var late = new LateCommands(description(), person.account(), SEED)) {
            late.start();
            assertEquals(List.of(), breaches(person, friend, "late commands", () -> {}), "of seed " + SEED);
            purged(person);
            attested(person);
            late.stop();
            late.awaitTaken();
            var before = AccountState.of(description(), person.account());

            var commands = late.sendAgain(2);
            late.awaitTaken();

            assertTrue(commands >= ORDERED, commands + " commands were ordered, and came again");
            assertEquals(before, AccountState.of(description(), person.account()), "of seed " + SEED);
        }
        person.addDevice("written to as before");
    }

    private Person friend() throws IOException {
        var friend = Person.signUp(client(), "SG", "Friend", random);
        friend.consent("messaging");
        return friend;
    }

    private Person mover() throws IOException {
        var person = Person.signUp(client(), "SG", "Mover", random);
        person.addDevice("phone");
        person.consent("backup");
        person.consent("messaging");
        return person;
    }

    private List<String> breaches(Person person, Person friend, String what, Runnable fault) throws Exception {
        try (var history = new History(person, friend.messenger(), InboxKeys.generate(random));
                var owners = new OwnerWatch(description(), person.account());
                var customer = Shops.customer(person)) {
            history.start();
            owners.start();
            var ordering = Shops.ordering(customer);
            var strike = CompletableFuture.runAsync(fault);
            var end = moveAnyway(person, strike);
            System.err.println(what + ": " + end);
            var written = history.acknowledged();
            var ordered = customer.acknowledged();
            var patience = Instant.now().plus(PATIENCE);
            while (history.acknowledged() < written + AFTERWARDS
                    || customer.acknowledged() < ordered + AFTERWARDS && !ordering.isDone()) {
                assertTrue(
                        Instant.now().isBefore(patience),
                        "no write is acknowledged at the new home: " + history.acknowledged() + " after " + written
                                + ", orders " + customer.acknowledged() + " after " + ordered);
                Thread.sleep(LOOK);
            }
            history.close();
            customer.stop();
            ordering.join();
            var breaches = new ArrayList<>(owners.stop());
            breaches.addAll(history.check());
            breaches.addAll(customer.breaches(Shops.EARLIER));
            return breaches;
        }
    }

    private static void strike(Transition transition, CommitTrap trap) {
        try {
            transition.strike(stack(), trap);
        } catch (SQLException e) {
            throw new IllegalStateException(transition.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void strike(Fault fault) {
        try {
            fault.strike(stack());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Orders the move, and again when it was given up for the fault's sake, until the account has arrived. */
    private String moveAnyway(Person person, CompletableFuture<Void> strike)
            throws InterruptedException, ExecutionException {
        var told = new ArrayList<String>();
        for (var order = 0; order < ORDERS; order++) {
            var end = follow(person);
            told.add(end);
            strike.get();
            if (ARRIVED.contains(end)) {
                return String.join(", then ", told);
            }
        }
        throw new AssertionError("given up " + ORDERS + " times: " + told);
    }

    /** The state in which a move ends; the operator asks until there is an answer. */
    private static String follow(Person person) throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        Moves moves = null;
        String id = null;
        var last = "";
        while (Instant.now().isBefore(end)) {
            try {
                if (moves == null) {
                    var operator = DomicileClient.of(client());
                    moves = new Moves(operator.signIn(operator.regions().get(CN), client().operator()));
                }
                if (id == null) {
                    id = underWay(moves, person);
                }
                var move = moves.get(id);
                last = move.path("state").asText();
                if (ARRIVED.contains(last)
                        || GIVEN_UP.contains(last) && move.path("settled").asBoolean()) {
                    return last;
                }
            } catch (IOException e) {
                last = e.getMessage(); // a service is down for a while, or has not heard of the account yet
            }
            Thread.sleep(LOOK);
        }
        throw new AssertionError("the move is still " + last + " after " + PATIENCE);
    }

    /** A move that was ordered already, by a request whose answer was lost; else one ordered now. */
    private static String underWay(Moves moves, Person person) throws IOException {
        var account = person.account().toString();
        for (var move : moves.of(account)) {
            if (!move.path("settled").asBoolean()) {
                return move.path("id").asText();
            }
        }
        return moves.order(account, SG, false).path("id").asText();
    }

    /** The new home has heard that the old one is empty. */
    private static void attested(Person person) throws Exception {
        var operator = DomicileClient.of(client());
        var moves = new Moves(operator.signIn(operator.regions().get(SG), client().operator()));
        var end = Instant.now().plus(PATIENCE);
        while (!moves.of(person.account().toString())
                .path(0)
                .path("state")
                .asText()
                .equals("ATTESTED")) {
            assertTrue(Instant.now().isBefore(end), "the move is not attested");
            Thread.sleep(LOOK);
        }
    }

    private static void purged(Person person) throws Exception {
        var end = Instant.now().plus(PATIENCE);
        while (true) {
            var left = SourceInspection.of(
                    description().regions().get(CN), home().file(CN + "/s3/objects"), person.account());
            if (left.rowsLeft() == 0 && left.objects() == 0) {
                return;
            }
            assertTrue(Instant.now().isBefore(end), "left in " + CN + ": " + left.rows());
            Thread.sleep(LOOK);
        }
    }
}
