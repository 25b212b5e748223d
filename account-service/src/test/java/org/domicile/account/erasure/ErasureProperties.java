package org.domicile.account.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.domicile.account.law.MarketLaw;
import org.domicile.platform.law.Policy;

/** Whatever an owner asks for and takes back, however often and whenever somebody looks. */
class ErasureProperties {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    @Property(tries = 1_000)
    void an_erasure_is_ordered_after_its_own_grace_and_never_without_a_wish(
            @ForAll @IntRange(min = 0, max = 3) int days,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 99) Integer> script) {
        var world = new World(Duration.ofDays(days));

        script.forEach(world::act);

        world.settle();
    }

    /** The owner, the clock, and the timer of the service; beside them what the owner last said, in the plainest words. */
    private static final class World {
        private final MarketLaw law;
        private final List<UUID> ordered = new ArrayList<>();
        private Instant now = START;
        private Optional<Erasure> stored = Optional.empty();
        private Instant wished;

        World(Duration grace) {
            var numbers = new Policy(
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ofDays(1_095),
                    Duration.ofDays(30),
                    Duration.ofDays(45),
                    grace,
                    Duration.ZERO,
                    0);
            this.law = new MarketLaw("IN", "law", Set.of(), numbers);
        }

        void act(int choice) {
            switch (choice % 4) {
                case 0 -> ask();
                case 1 -> takeBack();
                case 2 -> look();
                default -> now = now.plus(Duration.ofHours(choice));
            }
            check();
        }

        private void ask() {
            var before = stored;
            stored = Optional.of(Erasure.asked(stored, law, now));
            if (before.filter(Erasure::isOpen).isPresent()) {
                assertEquals(before, stored, "one that is under way stays the one it is");
            } else {
                wished = now;
                assertFalse(before.map(Erasure::id).equals(stored.map(Erasure::id)), "a new wish has a new id");
            }
            noteIfOrdered();
        }

        private void takeBack() {
            var before = stored;
            var taken = stored.flatMap(Erasure::takenBack);
            assertEquals(before.filter(e -> e.state() == ErasureState.SCHEDULED).isPresent(), taken.isPresent());
            if (taken.isPresent()) {
                stored = taken;
                wished = null;
            }
        }

        private void look() {
            stored.flatMap(e -> e.due(now)).ifPresent(due -> {
                assertEquals(ErasureState.ORDERED, due.state());
                stored = Optional.of(due);
                noteIfOrdered();
            });
        }

        private void noteIfOrdered() {
            stored.filter(e -> e.state() == ErasureState.ORDERED)
                    .map(Erasure::id)
                    .filter(id -> !ordered.contains(id))
                    .ifPresent(ordered::add);
        }

        private void check() {
            var state = stored.map(Erasure::state);
            assertEquals(wished != null, stored.filter(Erasure::isOpen).isPresent(), "what the owner last said holds");
            assertTrue(ordered.size() <= 1, "there is no way back from an order");
            assertEquals(
                    ordered.isEmpty(),
                    state.filter(s -> s == ErasureState.ORDERED).isEmpty());
            if (wished != null) {
                var erasure = stored.orElseThrow();
                assertEquals(wished, erasure.requestedAt());
                assertEquals(wished.plus(law.erasureGrace()), erasure.effectiveAt());
                assertEquals(wished.plus(law.erasureDeadline()), erasure.deadline());
            }
            if (!ordered.isEmpty()) {
                assertFalse(now.isBefore(stored.orElseThrow().effectiveAt()), "not within the grace");
            }
        }

        /** The grace ends, and somebody looks: a wish that stands is ordered, and one that does not is not. */
        void settle() {
            now = now.plus(law.erasureGrace());
            look();
            check();
            assertEquals(wished != null, ordered.size() == 1);
            look();
            check();
        }
    }
}
