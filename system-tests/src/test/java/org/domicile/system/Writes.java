package org.domicile.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Writes of one kind, each with an id of its own, and what became of each: acknowledged, or unknown. */
final class Writes {
    /** Of a write: before its answer, and after; the same of the deletion of what was written. */
    private enum Outcome {
        UNKNOWN,
        ACKNOWLEDGED,
        DELETING,
        DELETED
    }

    private final String kind;
    private final Map<String, Outcome> outcomes = new ConcurrentSkipListMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    /** @param kind as a breach names it */
    Writes(String kind) {
        this.kind = kind;
    }

    void begun(String id) {
        outcomes.put(id, Outcome.UNKNOWN);
    }

    void acknowledged(String id) {
        outcomes.put(id, Outcome.ACKNOWLEDGED);
    }

    void deleting(String id) {
        outcomes.put(id, Outcome.DELETING);
    }

    void deleted(String id) {
        outcomes.put(id, Outcome.DELETED);
    }

    /** Writes that have been acknowledged so far, those among them that were deleted since. */
    long acknowledged() {
        return outcomes.values().stream()
                .filter(outcome -> outcome != Outcome.UNKNOWN)
                .count();
    }

    boolean contains(String id) {
        return outcomes.containsKey(id);
    }

    /** Whether all that was begun is there. */
    boolean within(Collection<String> there) {
        return there.containsAll(outcomes.keySet());
    }

    /**
     * A read that began after these writes were acknowledged, and after earlier reads: it must show them, and all that those showed.
     *
     * @param before what {@link #known} said before the read began
     * @return every breach in one sentence
     */
    List<String> backwards(Set<String> before, Collection<String> there) {
        var breaches = before.stream()
                .filter(id -> !there.contains(id) && outcomes.get(id).compareTo(Outcome.DELETING) < 0)
                .map(id -> "a later read did not show the " + kind + " \"" + id + "\"")
                .toList();
        seen.addAll(there);
        seen.retainAll(outcomes.keySet());
        return breaches;
    }

    /** What a read that begins now must show, unless it is deleted meanwhile. */
    Set<String> known() {
        var known = new HashSet<>(seen);
        outcomes.forEach((id, outcome) -> {
            if (outcome == Outcome.ACKNOWLEDGED) {
                known.add(id);
            }
        });
        return known;
    }

    /** @param there the ids that are read back, each as often as it is found. @return every breach in one sentence */
    List<String> breaches(Collection<String> there) {
        var breaches = new ArrayList<String>();
        var found = new HashSet<>(there);
        outcomes.forEach((id, outcome) -> {
            if (outcome == Outcome.ACKNOWLEDGED && !found.contains(id)) {
                breaches.add("the acknowledged " + kind + " \"" + id + "\" is lost");
            }
            if (outcome == Outcome.DELETED && found.contains(id)) {
                breaches.add("the deleted " + kind + " \"" + id + "\" is there again");
            }
        });
        for (var id : new TreeSet<>(found)) {
            if (!contains(id)) {
                breaches.add("the " + kind + " \"" + id + "\" was never written");
            }
            if (Collections.frequency(there, id) > 1) {
                breaches.add("the " + kind + " \"" + id + "\" is there twice");
            }
        }
        return breaches;
    }
}
