package org.domicile.account.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.domicile.account.law.MarketLaw;
import org.domicile.platform.law.Policy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErasureStateTest {
    private static final Set<String> ALLOWED =
            Set.of("SCHEDULED CANCELLED", "SCHEDULED ORDERED", "CANCELLED SCHEDULED");
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @ParameterizedTest
    @EnumSource(ErasureState.class)
    void exactly_the_transitions_of_the_diagram_are_allowed(ErasureState from) {
        for (var to : ErasureState.values()) {
            var erasure = new Erasure(UUID.randomUUID(), from, NOW, NOW, NOW);
            if (ALLOWED.contains(from + " " + to)) {
                assertEquals(to, erasure.to(to).state());
            } else {
                assertThrows(IllegalStateException.class, () -> erasure.to(to));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 48})
    void an_erasure_without_grace_is_ordered_at_once(long hours) {
        var numbers = new Policy(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofDays(1_095),
                Duration.ofDays(30),
                Duration.ofDays(45),
                Duration.ofHours(hours),
                Duration.ZERO,
                0);
        var law = new MarketLaw("IN", "law", Set.of(), numbers);

        var erasure = Erasure.requested(UUID.randomUUID(), law, NOW);

        assertEquals(hours == 0 ? ErasureState.ORDERED : ErasureState.SCHEDULED, erasure.state());
        assertEquals(NOW.plus(Duration.ofHours(hours)), erasure.effectiveAt());
        assertEquals(NOW.plus(Duration.ofDays(45)), erasure.deadline());
    }
}
