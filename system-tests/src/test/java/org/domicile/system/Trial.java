package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;
import static org.domicile.system.StartedStack.client;
import static org.domicile.system.StartedStack.description;
import static org.domicile.system.StartedStack.home;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.SourceInspection;

/** An account whose owner writes in every service, and buys in the shop, while something is done with it; then the history is checked. */
final class Trial {
    private static final Duration PATIENCE = PatientOperator.PATIENCE;
    private static final Duration LOOK = PatientOperator.LOOK;
    private static final int AFTERWARDS = 10;

    private final Person owner;
    private final Person friend;
    private final SecureRandom random;

    /** What is done with the account. */
    interface Course {
        /** @return how it ended */
        String by(PatientOperator operator) throws Exception;
    }

    private Trial(Person owner, Person friend, SecureRandom random) {
        this.owner = owner;
        this.friend = friend;
        this.random = random;
    }

    /** A new account in {@code cn-north}, whose market is at home in {@code ap-southeast}. */
    static Trial begin(SecureRandom random) throws IOException {
        var friend = Person.signUp(client(), "SG", "Friend", random);
        friend.consent("messaging");
        var owner = Person.signUp(client(), "SG", "Mover", random);
        owner.addDevice("phone");
        owner.consent("backup");
        owner.consent("messaging");
        return new Trial(owner, friend, random);
    }

    Person owner() {
        return owner;
    }

    /** Writes go on after the course, too. @return what was lost, was there twice or went back, each in a sentence */
    List<String> breaches(String what, Course course) throws Exception {
        try (var history = history();
                var owners = new OwnerWatch(description(), owner.account());
                var customer = Shops.customer(owner)) {
            history.start();
            owners.start();
            var ordering = Shops.ordering(customer);
            System.err.println(what + ": " + course.by(new PatientOperator(owner.account())));
            var written = history.acknowledged();
            var ordered = customer.acknowledged();
            until(
                    "writes are acknowledged after " + what,
                    () -> history.acknowledged() >= written + AFTERWARDS
                            && (ordering.isDone() || customer.acknowledged() >= ordered + AFTERWARDS));
            history.close();
            customer.stop();
            ordering.join();
            var breaches = new ArrayList<>(owners.stop());
            breaches.addAll(history.check());
            breaches.addAll(customer.breaches(Shops.EARLIER));
            breaches.addAll(deadlocks());
            return breaches;
        }
    }

    /** The course ends with the owner's order to erase everything; writes go on until nothing is left, and make nothing new. */
    List<String> breachesOfErasure(String what, Course course) throws Exception {
        try (var history = history();
                var owners = new OwnerWatch(description(), owner.account());
                var customer = Shops.customer(owner)) {
            history.start();
            owners.start();
            var ordering = Shops.ordering(customer);
            System.err.println(what + ": " + course.by(new PatientOperator(owner.account())));
            erased();
            history.close();
            customer.stop();
            ordering.join();
            erased();
            var breaches = new ArrayList<>(owners.stop());
            breaches.addAll(deadlocks());
            return breaches;
        }
    }

    /** A database ends such a wait after a second, in which the account takes no writes. */
    private static List<String> deadlocks() throws IOException {
        var deadlocks = new ArrayList<String>();
        try (var logs = Files.newDirectoryStream(home().file("logs"), "*-postgres.log")) {
            for (var log : logs) {
                if (Files.readString(log).contains("deadlock detected")) {
                    deadlocks.add(log + " tells of a deadlock");
                }
            }
        }
        return deadlocks;
    }

    private History history() throws IOException, InterruptedException {
        return new History(owner, friend.messenger(), InboxKeys.generate(random));
    }

    /** The owner asks for the erasure until it is under way. */
    void erase() throws Exception {
        until("the erasure is under way", () -> {
            if (Databases.knowsErasure(description().regions().get(SG), owner.account())) {
                return true;
            }
            new Account(owner.session()).erase();
            return false;
        });
    }

    private void erased() throws Exception {
        for (var region : List.of(SG, CN)) {
            var leftovers = new Leftovers(description().regions().get(region), owner.account());
            until(
                    "nothing is left in " + region,
                    () -> leftovers.rows().isEmpty() && inspected(region).objects() == 0);
        }
    }

    /** The old home is empty. */
    void purged() throws Exception {
        until("nothing is left in " + CN, this::isPurged);
    }

    boolean isPurged() throws SQLException, IOException {
        var left = inspected(CN);
        return left.rowsLeft() == 0 && left.objects() == 0;
    }

    private SourceInspection inspected(String region) throws SQLException, IOException {
        return SourceInspection.of(
                description().regions().get(region), home().file(region + "/s3/objects"), owner.account());
    }

    /** A part may be down for a while. */
    private static void until(String what, Callable<Boolean> condition) throws Exception {
        var end = Instant.now().plus(PATIENCE);
        var last = "";
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (IOException | SQLException e) {
                last = e.getMessage();
            }
            assertTrue(Instant.now().isBefore(end), what + ": not after " + PATIENCE + " " + last);
            Thread.sleep(LOOK);
        }
    }
}
