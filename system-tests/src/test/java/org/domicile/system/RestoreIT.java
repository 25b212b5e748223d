package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;
import static org.domicile.system.StartedStack.client;
import static org.domicile.system.StartedStack.description;
import static org.domicile.system.StartedStack.home;
import static org.domicile.system.StartedStack.stack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Moves;
import org.domicile.local.demo.Person;
import org.domicile.local.port.Link;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rule 14: a region loses all its databases and goes on from a backup of them; what happened since must not come back, nor be undone. */
@ExtendWith(StartedStack.class)
class RestoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final long LOOK_MILLIS = 100;
    private static final List<String> SERVICES = List.of("account", "backup", "messaging", "shop", "migration");
    private static final List<String> FENCED = List.of("account", "backup", "messaging", "shop");
    private static final Set<String> ARRIVED = Set.of("SOAK", "CHECKING", "PURGING", "ATTESTED");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    @Test
    void a_region_that_is_restored_revives_nothing_and_is_no_second_home() throws Exception {
        var stays = person("Stays");
        var erased = person("Erased");
        var left = person("Left");
        var leaving = person("Leaving");
        var held = person("Held");
        stack().links().forEach(Link::cut);
        order(CN, leaving);
        until("copying", () -> moveAt(CN, leaving).equals("COPYING"), () -> moveOf(leaving));
        var data = home().file(CN + "/postgres/data");
        var backup = BaseBackup.take(description().regions().get(CN), data, folder.resolve("backup"));

        stack().links().forEach(Link::mend);
        var erasure = new Account(erased.session()).erase();
        order(CN, left);
        for (var person : List.of(left, leaving)) {
            until("moved", () -> ARRIVED.contains(moveAt(SG, person)), () -> moveOf(person));
        }
        until("erased", () -> ErasureIT.status(erased, erasure).equals("ERASED"), () -> "");
        // one that copies is away, so that this move is under way when all is lost
        stack().kill(SG + "-backup");
        order(CN, held);
        until("a copy is begun in " + SG, () -> modes(SG, held).containsValue("SHADOW"), () -> modes(SG, held)
                .toString());

        lose();
        backup.restore(data);
        stack().restart(CN + "-postgres");
        stack().restart(SG + "-backup");
        frozenWhileItCannotReconcile(stays);
        restart();
        // before, rows say what the backup says, and nobody serves by them
        var watches = new ArrayList<OwnerWatch>();
        for (var person : List.of(stays, left, leaving, held)) {
            watches.add(new OwnerWatch(description(), person.account()));
        }
        watches.forEach(OwnerWatch::start);

        for (var person : List.of(left, leaving)) {
            assertEquals(Set.of("OWN"), Set.copyOf(modes(SG, person).values()));
            assertTrue(!modes(CN, person).containsValue("OWN"), () -> "of " + person.account());
            person.addDevice("after the restore");
        }
        for (var person : List.of(stays, held)) {
            until(
                    "at home",
                    () -> Set.of("OWN").equals(Set.copyOf(modes(CN, person).values())),
                    () -> modes(CN, person).toString());
            person.addDevice("after the restore");
        }
        until(
                "the copy of a forgotten move is purged",
                () -> Set.of("NONE").equals(Set.copyOf(modes(SG, held).values())),
                () -> modes(SG, held).toString());
        until("erased again", () -> rows(CN, erased).isEmpty(), () -> rows(CN, erased)
                .toString());
        order(CN, stays);
        until("the account moves as before", () -> ARRIVED.contains(moveAt(SG, stays)), () -> moveOf(stays));
        for (var watch : watches) {
            assertEquals(List.of(), watch.stop());
        }
    }

    private Person person(String name) throws IOException {
        var person = Person.signUp(client(), "SG", name, random);
        person.addDevice("phone");
        person.consent("backup");
        person.consent("messaging");
        return person;
    }

    private static void lose() {
        SERVICES.forEach(service -> stack().kill(CN + "-" + service));
        stack().kill(CN + "-keycloak");
        stack().kill(CN + "-postgres");
    }

    /** The residency directory and the erasure list are in Kafka: without it nobody may be served. */
    private static void frozenWhileItCannotReconcile(Person person) throws Exception {
        assertEquals("OWN", modes(CN, person).get("backup"), "as the backup has it");
        assertTrue(served("backup") > 1, "more than one");
        stack().kill(CN + "-kafka");
        var start = CompletableFuture.runAsync(() -> stack().restart(CN + "-backup"));
        until("every account is frozen", () -> served("backup") == 0, () -> modes(CN, person)
                .toString());
        assertEquals("FROZEN", modes(CN, person).get("backup"));
        stack().restart(CN + "-kafka");
        start.join();
    }

    private static void restart() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            stack().restart(CN + "-keycloak");
            CompletableFuture.allOf(SERVICES.stream()
                            .filter(service -> !service.equals("backup"))
                            .map(service ->
                                    CompletableFuture.runAsync(() -> stack().restart(CN + "-" + service), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private static void order(String region, Person person) throws IOException {
        moves(region).order(person.account().toString(), SG, false);
    }

    private static Moves moves(String region) throws IOException {
        var operator = DomicileClient.of(client());
        return new Moves(operator.signIn(operator.regions().get(region), client().operator()));
    }

    private static String moveOf(Person person) throws IOException {
        return CN + " " + moveAt(CN, person) + ", " + SG + " " + moveAt(SG, person);
    }

    private static String moveAt(String region, Person person) throws IOException {
        return moves(region)
                .of(person.account().toString())
                .path(0)
                .path("state")
                .asText();
    }

    /** Service → mode of the account's fence there; none without a row. */
    private static Map<String, String> modes(String region, Person person) throws SQLException {
        var modes = new TreeMap<String, String>();
        for (var service : FENCED) {
            try (var connection = Databases.connect(description().regions().get(region), service);
                    var query = connection.prepareStatement(
                            "select mode from " + Databases.schema(service) + ".fence where account_id = ?")) {
                query.setObject(1, person.account());
                try (var rows = query.executeQuery()) {
                    if (rows.next()) {
                        modes.put(service, rows.getString(1));
                    }
                }
            }
        }
        return modes;
    }

    /** How many accounts a service in the restored region thinks it owns. */
    private static long served(String service) throws SQLException {
        try (var connection = Databases.connect(description().regions().get(CN), service);
                var query = connection.prepareStatement(
                        "select count(*) from " + Databases.schema(service) + ".fence where mode = 'OWN'");
                var rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Map<String, Long> rows(String region, Person person) throws SQLException {
        return new Leftovers(description().regions().get(region), person.account()).rows();
    }

    private static void until(String what, Callable<Boolean> condition, Callable<String> seen) throws Exception {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.call()) {
            assertTrue(Instant.now().isBefore(end), what + ": not after " + PATIENCE + " " + seen.call());
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
