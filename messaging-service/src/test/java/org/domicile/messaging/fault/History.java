package org.domicile.messaging.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * What senders and devices saw, and whether it fits the promise: an accepted message arrives exactly once at an application that knows the
 * versions it has seen, in the order in which its sender sent, and on no connection that began after its time was over. One whose
 * answer was lost may arrive or not; one that was refused never does. One of a topic may be missing if another has replaced it, and
 * comes on no connection that began after that. One of TTL 0 is sent once, or not at all. A receipt says what became of its message.
 */
final class History {
    private enum Outcome {
        /** Sent; the answer is not known, or was lost. */
        UNKNOWN,
        ACCEPTED,
        REFUSED
    }

    /** @param answered when the answer came, in nanoseconds; the service has begun to count the time before */
    private record Sent(int subscription, Duration ttl, Optional<String> topic, Outcome outcome, long answered) {
        Sent answered(Outcome outcome) {
            return new Sent(subscription, ttl, topic, outcome, System.nanoTime());
        }

        boolean isAccepted() {
            return outcome == Outcome.ACCEPTED;
        }

        boolean isAcceptedBefore(long time) {
            return isAccepted() && time > answered;
        }

        Optional<Topic> topicOfSubscription() {
            return topic.map(name -> new Topic(subscription, name));
        }

        boolean isOver(long time) {
            return isAccepted() && time - answered >= ttl.toNanos();
        }
    }

    private record Topic(int subscription, String name) {}

    private final Duration lasting;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, Sent> sent = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, Set<String>> versions = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, List<Long>> firstArrivals = new ConcurrentHashMap<>();
    private final ConcurrentMap<Topic, NavigableSet<Long>> topics = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, Integer> receipts = new ConcurrentHashMap<>();
    private final Set<Long> late = ConcurrentHashMap.newKeySet();
    private final Set<Long> outdated = ConcurrentHashMap.newKeySet();
    private final Set<Long> again = ConcurrentHashMap.newKeySet();

    /** @param lasting messages of this time to live or longer must arrive */
    History(Duration lasting) {
        this.lasting = lasting;
    }

    /** @return the message's number, greater than any before */
    long sent(int subscription, Duration ttl, Optional<String> topic) {
        var number = numbers.incrementAndGet();
        var message = new Sent(subscription, ttl, topic, Outcome.UNKNOWN, 0);
        sent.put(number, message);
        message.topicOfSubscription().ifPresent(of -> topics.computeIfAbsent(of, t -> new ConcurrentSkipListSet<>())
                .add(number));
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
        if (known.isAccepted() && ofItsTopicAfter(message).anyMatch(later -> later.isAcceptedBefore(connected))) {
            outdated.add(message);
        }
        if (versions.computeIfAbsent(message, m -> ConcurrentHashMap.newKeySet())
                .add(version)) {
            firstArrivals.compute(known.subscription(), (subscription, before) -> {
                var all = before == null ? new ArrayList<Long>() : before;
                all.add(message);
                return all;
            });
        } else if (known.ttl().isZero()) {
            again.add(message);
        }
    }

    /** @param status what the message's sender was told */
    void receipt(long message, int status) {
        receipts.put(message, status);
    }

    long accepted() {
        return sent.values().stream().filter(Sent::isAccepted).count();
    }

    /** Accepted messages that another of their topic has replaced before they arrived. */
    long replaced() {
        return sent.keySet().stream()
                .filter(message -> sent.get(message).isAccepted() && !hasArrived(message) && isReplaced(message))
                .count();
    }

    /** Messages of TTL 0 that met a connection. */
    long arrivedAtOnce() {
        return arrived(message -> sent.get(message).ttl().isZero()).size();
    }

    long receipts() {
        return receipts.size();
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
        assertEquals(Set.of(), outdated, "on a connection that began after another of their topic was accepted");
        assertEquals(Set.of(), again, "of TTL 0, and sent twice");
        receipts.forEach((message, status) ->
                assertEquals(hasArrived(message) ? 204 : 410, status, () -> "the receipt of message " + message));
        firstArrivals.forEach((subscription, arrivals) -> {
            var inOrder = arrivals.stream().filter(this::mustArrive).toList();
            assertEquals(inOrder.stream().sorted().toList(), inOrder, "in another order than sent");
        });
    }

    private boolean mustArrive(long message) {
        var known = sent.get(message);
        return known.isAccepted() && known.ttl().compareTo(lasting) >= 0;
    }

    private boolean hasArrived(long message) {
        return versions.containsKey(message);
    }

    /** By a later one that was accepted; or by one whose answer was lost: it may have been stored at any time since. */
    private boolean isReplaced(long message) {
        return ofItsTopicAfter(message).anyMatch(Sent::isAccepted)
                || ofItsTopic(message).stream()
                        .anyMatch(other ->
                                other != message && sent.get(other).outcome() == Outcome.UNKNOWN && hasArrived(other));
    }

    private Stream<Sent> ofItsTopicAfter(long message) {
        return ofItsTopic(message).tailSet(message, false).stream().map(sent::get);
    }

    private NavigableSet<Long> ofItsTopic(long message) {
        return sent.get(message).topicOfSubscription().map(topics::get).orElse(Collections.emptyNavigableSet());
    }

    private Set<Long> missing() {
        var missing = new TreeSet<Long>();
        sent.keySet().stream()
                .filter(message -> mustArrive(message) && !hasArrived(message) && !isReplaced(message))
                .forEach(missing::add);
        return missing;
    }

    private Set<Long> arrived(LongPredicate which) {
        var found = new TreeSet<Long>();
        versions.keySet().stream().filter(which::test).forEach(found::add);
        return found;
    }
}
