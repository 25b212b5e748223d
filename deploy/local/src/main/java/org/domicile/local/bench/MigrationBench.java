package org.domicile.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.domicile.client.http.ProblemException;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.MoveWatch;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import org.domicile.local.port.Link;

/** One run of {@code bench migration}. */
final class MigrationBench {
    static final String FROM = "cn-north";
    static final String TO = "ap-southeast";
    private static final String MARKET = "SG";
    private static final Duration KNOWN = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int WARM_UP_AT_A_TIME = 4;

    /**
     * @param warmUp moves that do not count: the services' code is compiled meanwhile
     * @param blobs of the accounts that move last, one at each round-trip time; 0 = none
     */
    record Plan(int accounts, List<Integer> roundTrips, int warmUp, int blobs) {}

    /** Someone with a phone that takes messages. */
    private record Owner(Person person, Messenger.Inbox inbox) {}

    private final StackDescription description;
    private final List<Link> links;
    private final Plan plan;
    private final Screen screen;
    private final Stack stack;
    private final SecureRandom random = new SecureRandom();

    MigrationBench(Home home, StackDescription description, List<Link> links, Plan plan, Screen screen)
            throws IOException {
        this.description = description;
        this.links = links;
        this.plan = plan;
        this.screen = screen;
        this.stack = Stack.read(home.folder());
    }

    MigrationResults run() throws IOException, InterruptedException, SQLException {
        var load = load();
        var client = DomicileClient.of(stack);
        var operator = operator(client);
        var sender = Person.signUp(stack, MARKET, "Sender", random);
        sender.consent("messaging");
        warmUp(owners(plan.warmUp()), client, sender);
        var pauses = new ArrayList<MigrationResults.Pauses>();
        for (var roundTrip : plan.roundTrips()) {
            pauses.add(measure(roundTrip, owners(plan.accounts()), operator, sender));
        }
        var large = new ArrayList<MigrationResults.Pauses>();
        if (plan.blobs() > 0) {
            for (var roundTrip : plan.roundTrips()) {
                large.add(measure(roundTrip, List.of(withBlobs(owner(0))), operator, sender));
            }
        }
        return new MigrationResults(
                Runtime.getRuntime().availableProcessors(), List.of(load, load()), plan.blobs(), pauses, large);
    }

    /** Several at a time: what counts is how often the services' code runs, as a service that has run for a day is asked about. */
    private void warmUp(List<Owner> owners, DomicileClient client, Person sender)
            throws IOException, InterruptedException {
        // a session follows its move, so no two share one; Keycloak refuses two sign-ins of one user at a time
        var operators = new LinkedBlockingQueue<Moves>();
        for (int i = 0; i < Math.min(WARM_UP_AT_A_TIME, owners.size()); i++) {
            operators.add(operator(client));
        }
        try (var movers = Executors.newFixedThreadPool(WARM_UP_AT_A_TIME)) {
            var moved = owners.stream()
                    .map(owner -> movers.submit(() -> {
                        var operator = operators.take();
                        try (var writer = new PauseWriter(sender.messenger(), owner.inbox())) {
                            writer.start();
                            return move(operator, owner.person().account());
                        } finally {
                            operators.add(operator);
                        }
                    }))
                    .toList();
            for (var i = 0; i < moved.size(); i++) {
                screen.progress("warming up: %d of %d moved".formatted(i, moved.size()));
                warm(moved.get(i));
            }
        }
    }

    /** A busy computer may abort one: that is said, and it has warmed up all the same. */
    private void warm(Future<?> moved) throws InterruptedException {
        try {
            moved.get();
        } catch (ExecutionException e) {
            screen.line("A move to warm up did not arrive: " + e.getCause().getMessage());
        }
    }

    private Moves operator(DomicileClient client) throws IOException {
        return new Moves(client.signIn(client.regions().get(FROM), stack.operator()));
    }

    private Owner withBlobs(Owner owner) throws SQLException {
        try (var backup = SeededBlobs.connect(description.regions().get(FROM))) {
            new ManyBlobs(backup).insert(owner.person().account(), "phone", plan.blobs());
        }
        return owner;
    }

    private List<Owner> owners(int count) throws IOException, InterruptedException {
        var owners = new ArrayList<Owner>();
        for (var i = 0; i < count; i++) {
            screen.progress("%d of %d accounts opened".formatted(i, count));
            owners.add(owner(i));
        }
        return owners;
    }

    private Owner owner(int number) throws IOException, InterruptedException {
        var person = Person.signUp(stack, MARKET, "Owner" + number, random);
        person.addDevice("phone");
        person.consent("messaging");
        person.consent("backup");
        person.create("phone").close();
        try (var socket = person.connect()) {
            var keys = InboxKeys.generate(random);
            var endpoint = socket.register(UUID.randomUUID());
            return new Owner(person, new Messenger.Inbox(person.device().id(), endpoint, keys.forSenders()));
        }
    }

    private MigrationResults.Pauses measure(int roundTrip, List<Owner> owners, Moves operator, Person sender)
            throws IOException, InterruptedException {
        links.forEach(link -> link.roundTrip(Duration.ofMillis(roundTrip)));
        try {
            var moves = new ArrayList<JsonNode>();
            var stopped = new ArrayList<Double>();
            for (var owner : owners) {
                screen.progress("round trip %d ms: %d of %d moved".formatted(roundTrip, moves.size(), owners.size()));
                try (var writer = new PauseWriter(sender.messenger(), owner.inbox())) {
                    writer.start();
                    moves.add(move(operator, owner.person().account()));
                    stopped.add(writer.longestMillis());
                }
            }
            return new MigrationResults.Pauses(
                    roundTrip,
                    moves.stream().map(MigrationBench::pause).toList(),
                    services(moves),
                    steps(moves),
                    stopped);
        } finally {
            links.forEach(link -> link.roundTrip(Duration.ZERO));
        }
    }

    private JsonNode move(Moves operator, UUID account) throws IOException, InterruptedException {
        var watch = order(operator, account);
        var moved = watch.until(Set.of("SOAK", "PURGING", "ATTESTED"));
        // the next finds the computer as a region is: not busy with the purge of the one before
        watch.until(Set.of("ATTESTED"));
        return moved;
    }

    private MoveWatch order(Moves operator, UUID account) throws IOException, InterruptedException {
        var end = Instant.now().plus(KNOWN);
        while (true) {
            try {
                return MoveWatch.order(operator, screen, account.toString(), TO);
            } catch (ProblemException e) {
                if (!e.type().endsWith("/not-found") || Instant.now().isAfter(end)) {
                    throw e;
                }
                Thread.sleep(LOOK); // the migration-service has not heard of the new account yet
            }
        }
    }

    private static double pause(JsonNode move) {
        return move.path("writePauseMicros").asLong() / 1_000.0;
    }

    private static Map<String, Double> services(List<JsonNode> moves) {
        var pauses = new LinkedHashMap<String, List<Double>>();
        for (var move : moves) {
            for (var service : move.path("services")) {
                pauses.computeIfAbsent(service.path("service").asText(), s -> new ArrayList<>())
                        .add(pause(service));
            }
        }
        return medians(pauses);
    }

    private static Map<String, Double> steps(List<JsonNode> moves) {
        var took = new LinkedHashMap<String, List<Double>>();
        for (var move : moves) {
            new PauseTimeline(move).parts().forEach((part, millis) -> took.computeIfAbsent(part, p -> new ArrayList<>())
                    .add(millis));
        }
        return medians(took);
    }

    private static Map<String, Double> medians(Map<String, List<Double>> values) {
        var medians = new LinkedHashMap<String, Double>();
        values.forEach((name, list) -> medians.put(name, BackupResults.median(list)));
        return medians;
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
