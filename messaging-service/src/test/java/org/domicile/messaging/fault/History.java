package org.domicile.messaging.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What senders and devices saw, and whether it fits the promise: an accepted message arrives exactly once at an application that
 * knows versions it has seen. One whose answer was lost may arrive or not; one that was refused never does.
 */
final class History {
    private enum Outcome {
        SENT,
        ACCEPTED,
        REFUSED
    }

    private final Map<Long, Outcome> outcomes = new ConcurrentHashMap<>();
    /** Message → the versions under which it came. */
    private final Map<Long, Set<String>> versions = new ConcurrentHashMap<>();

    void sent(long message) {
        outcomes.put(message, Outcome.SENT);
    }

    void accepted(long message) {
        outcomes.put(message, Outcome.ACCEPTED);
    }

    void refused(long message) {
        outcomes.put(message, Outcome.REFUSED);
    }

    void arrived(long message, String version) {
        versions.computeIfAbsent(message, m -> ConcurrentHashMap.newKeySet()).add(version);
    }

    long accepted() {
        return outcomes.values().stream().filter(Outcome.ACCEPTED::equals).count();
    }

    boolean isComplete() {
        return missing().isEmpty();
    }

    void check() {
        assertEquals(Set.of(), missing(), "accepted, and never arrived");
        var twice = new TreeSet<Long>();
        var unasked = new TreeSet<Long>();
        versions.forEach((message, seen) -> {
            if (seen.size() > 1) {
                twice.add(message);
            }
            if (outcomes.getOrDefault(message, Outcome.REFUSED) == Outcome.REFUSED) {
                unasked.add(message);
            }
        });
        assertEquals(Set.of(), twice, "arrived under more than one version");
        assertEquals(Set.of(), unasked, "arrived, and was never accepted");
    }

    private Set<Long> missing() {
        var missing = new TreeSet<Long>();
        outcomes.forEach((message, outcome) -> {
            if (outcome == Outcome.ACCEPTED && !versions.containsKey(message)) {
                missing.add(message);
            }
        });
        return missing;
    }
}
