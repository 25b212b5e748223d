package org.domicile.migration.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MoveStateTest {
    private static final Set<String> ALLOWED = Set.of(
            "PLANNED PREFLIGHT",
            "PREFLIGHT COPYING",
            "COPYING CATCHING_UP",
            "CATCHING_UP READY",
            "READY FENCING",
            "FENCING SEALED",
            "SEALED VERIFIED",
            "VERIFIED CUT_OVER",
            "CUT_OVER SOAK",
            "SOAK CHECKING",
            "CHECKING PURGING",
            "CHECKING HELD",
            "CHECKING ROLLING_BACK",
            "COPYING QUARANTINED",
            "CATCHING_UP QUARANTINED",
            "PAUSED QUARANTINED",
            "PURGING ATTESTED",
            "SOAK HELD",
            "HELD SOAK",
            "SOAK ROLLING_BACK",
            "ROLLING_BACK SOAK",
            "ROLLING_BACK ROLLED_BACK",
            "CUT_OVER ROLLED_BACK",
            "COPYING PAUSED",
            "CATCHING_UP PAUSED",
            "PAUSED COPYING",
            "SEALED QUARANTINED",
            "PLANNED ABORTED",
            "PREFLIGHT ABORTED",
            "COPYING ABORTED",
            "CATCHING_UP ABORTED",
            "READY ABORTED",
            "FENCING ABORTED",
            "SEALED ABORTED",
            "VERIFIED ABORTED",
            "PAUSED ABORTED");

    @ParameterizedTest
    @EnumSource(MoveState.class)
    void exactly_the_transitions_of_the_diagram_are_allowed(MoveState from) {
        for (var to : MoveState.values()) {
            var allowed = ALLOWED.contains(from + " " + to)
                    || to == MoveState.ERASING && !from.ended() && from != MoveState.HELD;
            assertEquals(allowed, from.next().contains(to), from + " to " + to);
            if (allowed) {
                assertEquals(to, in(from).to(to, null, null).state());
            } else {
                assertThrows(IllegalStateException.class, () -> in(from).to(to, null, null));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MoveState.class)
    void every_state_leads_to_an_end(MoveState from) {
        var reached = new HashSet<>(Set.of(from));
        while (reached.addAll(
                reached.stream().flatMap(s -> s.next().stream()).collect(java.util.stream.Collectors.toSet()))) {}
        assertTrue(reached.stream().anyMatch(MoveState::ended));
    }

    @ParameterizedTest
    @EnumSource(MoveState.class)
    void nothing_can_be_aborted_from_the_commit_point_on(MoveState state) {
        var committed = EnumSet.range(MoveState.CUT_OVER, MoveState.ATTESTED);
        committed.addAll(EnumSet.of(MoveState.HELD, MoveState.ROLLING_BACK));
        assertEquals(!committed.contains(state) && !state.ended(), state.mayAbort());
    }

    private static Move in(MoveState state) {
        return new Move(
                UUID.randomUUID(),
                AccountId.create(),
                "a",
                "b",
                state,
                null,
                0,
                0,
                0,
                0,
                null,
                false,
                "test",
                Instant.EPOCH,
                false,
                null);
    }
}
