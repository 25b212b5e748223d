package org.domicile.messaging.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * What senders and devices saw, and whether it fits the promise: an accepted message arrives exactly once at an application that knows the
 * versions it has seen, in the order in which its sender sent, and on no connection that began after its time was over. One whose
 * answer was lost may arrive or not; one that was refused never does.
 */
final class History {
    private enum Outcome {
        /** Sent; the answer is not known, or was lost. */
        UNKNOWN,
        ACCEPTED,
        REFUSED
    }

    /** @param answered when the answer came, in nanoseconds; the service has begun to count the time before */
    private record Sent(int subscription, Duration ttl, Outcome outcome, long answered) {
        Sent answered(Outcome outcome) {
            return new Sent(subscription, ttl, outcome, System.nanoTime());
        }

        boolean isOver(long time) {
            return outcome == Outcome.ACCEPTED && time - answered >= ttl.toNanos();
        }
    }

    private final Duration lasting;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, Sent> sent = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, Set<String>> versions = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, List<Long>> firstArrivals = new ConcurrentHashMap<>();
    private final Set<Long> late = ConcurrentHashMap.newKeySet();

    /** @param lasting messages of this time to live or longer must arrive */
    History(Duration lasting) {
        this.lasting = lasting;
    }

    /** @return the message's number, greater than any before */
    long sent(int subscription, Duration ttl) {
        var number = numbers.incrementAndGet();
        sent.put(number, new Sent(subscription, ttl, Outcome.UNKNOWN, 0));
        return number;
    }

    void accepted(long message) {
        sent.computeIfPresent(message, (number, before) -> before.answered(Outcome.ACCEPTED));
    }

    void refused(long message) {
        sent.computeIfPresent(message, (number, before) -> before.answered(Outcome.REFUSED));
    }

    /** @param connected when the connection that brought it began, in nanoseconds */
    void arrived(long message, String version, long connected) {
        var known = sent.get(message);
        if (known.isOver(connected)) {
            late.add(message);
        }
        if (versions.computeIfAbsent(message, m -> ConcurrentHashMap.newKeySet())
                .add(version)) {
            firstArrivals.compute(known.subscription(), (subscription, before) -> {
                var all = before == null ? new ArrayList<Long>() : before;
                all.add(message);
                return all;
            });
        }
    }

    long count() {
        return numbers.get();
    }

    long accepted() {
        return sent.values().stream()
                .filter(each -> each.outcome() == Outcome.ACCEPTED)
                .count();
    }

    boolean isComplete() {
        return missing().isEmpty();
    }

    void check() {
        assertEquals(Set.of(), missing(), "accepted, and never arrived");
        assertEquals(Set.of(), arrived(message -> versions.get(message).size() > 1), "under more than one version");
        assertEquals(
                Set.of(), arrived(message -> sent.get(message).outcome() == Outcome.REFUSED), "refused, and arrived");
        assertEquals(Set.of(), late, "on a connection that began after their time was over");
        firstArrivals.forEach((subscription, arrivals) -> {
            var inOrder = arrivals.stream().filter(this::mustArrive).toList();
            assertEquals(inOrder.stream().sorted().toList(), inOrder, "in another order than sent");
        });
    }

    private boolean mustArrive(long message) {
        var known = sent.get(message);
        return known.outcome() == Outcome.ACCEPTED && known.ttl().compareTo(lasting) >= 0;
    }

    private Set<Long> missing() {
        var missing = new TreeSet<Long>();
        sent.keySet().stream()
                .filter(message -> mustArrive(message) && !versions.containsKey(message))
                .forEach(missing::add);
        return missing;
    }

    private Set<Long> arrived(LongPredicate which) {
        var found = new TreeSet<Long>();
        versions.keySet().stream().filter(which::test).forEach(found::add);
        return found;
    }
}
