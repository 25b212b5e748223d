package org.domicile.migration.wave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaveStateTest {
    private static final Set<String> ALLOWED = Set.of(
            "SELECTING RUNNING",
            "SELECTING PAUSED",
            "SELECTING CANCELLING",
            "RUNNING PAUSED",
            "RUNNING HALTED",
            "RUNNING CANCELLING",
            "RUNNING DONE",
            "PAUSED SELECTING",
            "PAUSED RUNNING",
            "PAUSED CANCELLING",
            "HALTED RUNNING",
            "HALTED CANCELLING",
            "CANCELLING CANCELLED",
            "SELECTING ROLLING_BACK",
            "RUNNING ROLLING_BACK",
            "PAUSED ROLLING_BACK",
            "HALTED ROLLING_BACK",
            "CANCELLING ROLLING_BACK",
            "CANCELLED ROLLING_BACK",
            "DONE ROLLING_BACK",
            "ROLLING_BACK ROLLBACK_PAUSED",
            "ROLLING_BACK ROLLBACK_HALTED",
            "ROLLING_BACK ROLLED_BACK",
            "ROLLBACK_PAUSED ROLLING_BACK",
            "ROLLBACK_HALTED ROLLING_BACK",
            "ROLLED_BACK ROLLING_BACK");
    private static final Set<String> MEMBERS = Set.of(
            "WAITING MOVING",
            "WAITING REFUSED",
            "WAITING SKIPPED",
            "MOVING MOVED",
            "MOVING FAILED",
            "MOVING WAITING",
            "MOVING SKIPPED",
            "REFUSED WAITING",
            "MOVED ROLLING_BACK",
            "ROLLING_BACK ROLLED_BACK",
            "ROLLING_BACK STAYED",
            "ROLLING_BACK ROLLBACK_FAILED",
            "ROLLBACK_FAILED MOVED");

    @ParameterizedTest
    @EnumSource(WaveState.class)
    void exactly_the_transitions_of_the_diagram_are_allowed(WaveState from) {
        for (var to : WaveState.values()) {
            var allowed = ALLOWED.contains(from + " " + to);
            assertEquals(allowed, from.next().contains(to), from + " to " + to);
            if (allowed) {
                assertEquals(to, in(from).to(to, null, Instant.EPOCH).state());
            } else {
                assertThrows(IllegalStateException.class, () -> in(from).to(to, null, Instant.EPOCH));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WaveState.class)
    void every_state_leads_to_an_end(WaveState from) {
        var reached = new HashSet<>(Set.of(from));
        while (reached.addAll(reached.stream().flatMap(s -> s.next().stream()).collect(Collectors.toSet()))) {}

        assertTrue(reached.stream().anyMatch(WaveState::ended), from + " reaches " + reached);
    }

    @ParameterizedTest
    @EnumSource(MemberState.class)
    void an_account_of_a_wave_goes_only_where_its_diagram_says(MemberState from) {
        for (var to : MemberState.values()) {
            assertEquals(MEMBERS.contains(from + " " + to), from.next().contains(to), from + " to " + to);
        }
    }

    @ParameterizedTest
    @EnumSource(WaveState.class)
    void an_order_leads_to_a_state_that_may_follow_or_is_refused(WaveState from) {
        for (var order : WaveOrder.values()) {
            var next = order.from(in(from));
            var allowed =
                    switch (order) {
                        case PAUSE ->
                            Set.of(
                                    WaveState.SELECTING,
                                    WaveState.RUNNING,
                                    WaveState.PAUSED,
                                    WaveState.ROLLING_BACK,
                                    WaveState.ROLLBACK_PAUSED);
                        case RESUME ->
                            Set.of(
                                    WaveState.SELECTING,
                                    WaveState.PAUSED,
                                    WaveState.HALTED,
                                    WaveState.RUNNING,
                                    WaveState.ROLLING_BACK,
                                    WaveState.ROLLBACK_PAUSED,
                                    WaveState.ROLLBACK_HALTED,
                                    WaveState.ROLLED_BACK);
                        case CANCEL ->
                            Set.of(
                                    WaveState.SELECTING,
                                    WaveState.RUNNING,
                                    WaveState.PAUSED,
                                    WaveState.HALTED,
                                    WaveState.CANCELLING,
                                    WaveState.CANCELLED);
                        case ROLLBACK -> Set.of(WaveState.values());
                    };
            assertEquals(allowed.contains(from), next == from || from.next().contains(next), order + " in " + from);
        }
    }

    static Wave in(WaveState state) {
        var spec = new WaveSpec(null, null, "ap-southeast", null, null, null, null, null);
        var wave = Wave.ordered(UUID.randomUUID(), spec, "operator", Instant.EPOCH);
        var selected = state != WaveState.SELECTING;
        return new Wave(
                wave.id(),
                spec,
                state,
                null,
                "operator",
                Instant.EPOCH,
                null,
                null,
                selected,
                3,
                spec.concurrency(),
                Instant.EPOCH);
    }
}
