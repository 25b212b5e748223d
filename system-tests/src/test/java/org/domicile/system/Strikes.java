package org.domicile.system;

import static org.domicile.system.StartedStack.description;
import static org.domicile.system.StartedStack.stack;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Transitions of one account's journey, each in a database of its own: a trap is set for each, and springs when the journey comes there. */
final class Strikes implements AutoCloseable {
    private final Map<Transition, CommitTrap> traps = new HashMap<>();
    private final List<CompletableFuture<Void>> strikes = new ArrayList<>();

    Strikes(List<Transition> transitions, UUID account) throws SQLException {
        for (var transition : transitions) {
            traps.put(transition, transition.trap(description(), account));
        }
        traps.forEach((transition, trap) -> strikes.add(CompletableFuture.runAsync(
                () -> strike(transition, trap),
                task -> Thread.ofPlatform().name("strike").daemon().start(task))));
    }

    /** In the order of the list, as many together as may be, and never two in one database. */
    static List<List<Transition>> together(List<Transition> transitions, int atOnce) {
        var groups = new ArrayList<List<Transition>>();
        for (var transition : transitions) {
            var group = groups.stream()
                    .filter(some -> some.size() < atOnce && some.stream().noneMatch(transition::isAtTheSamePlace))
                    .findFirst();
            group.ifPresentOrElse(some -> some.add(transition), () -> groups.add(new ArrayList<>(List.of(transition))));
        }
        return groups;
    }

    /** Each process was killed, and runs again. */
    void await() {
        CompletableFuture.allOf(strikes.toArray(CompletableFuture[]::new)).join();
    }

    private static void strike(Transition transition, CommitTrap trap) {
        try {
            transition.strike(stack(), trap);
        } catch (SQLException e) {
            throw new IllegalStateException(transition.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (AssertionError e) {
            throw new AssertionError(transition.toString(), e);
        }
    }

    @Override
    public void close() throws SQLException {
        for (var trap : traps.values()) {
            trap.close();
        }
    }

    @Override
    public String toString() {
        return traps.keySet().stream().map(Transition::toString).collect(Collectors.joining(" and "));
    }
}
