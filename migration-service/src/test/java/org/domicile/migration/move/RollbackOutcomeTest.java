package org.domicile.migration.move;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RollbackOutcomeTest {
    private static final Map<MoveState, RollbackOutcome> OVER_BEFORE_IT_BEGAN = Map.of(
            MoveState.SOAK, RollbackOutcome.UNDER_WAY,
            MoveState.CUT_OVER, RollbackOutcome.UNDER_WAY,
            MoveState.CHECKING, RollbackOutcome.UNDER_WAY,
            MoveState.ROLLING_BACK, RollbackOutcome.UNDER_WAY,
            MoveState.ROLLED_BACK, RollbackOutcome.UNDER_WAY,
            MoveState.HELD, RollbackOutcome.FAILED);

    @ParameterizedTest
    @EnumSource(MoveState.class)
    void a_move_goes_back_from_its_soak_only(MoveState state) {
        assertEquals(OVER_BEFORE_IT_BEGAN.getOrDefault(state, RollbackOutcome.TOO_LATE), RollbackOutcome.before(state));
    }

    @ParameterizedTest
    @EnumSource(MoveState.class)
    void a_rollback_has_failed_once_both_regions_have_confirmed_that(MoveState state) {
        var aborted = state == MoveState.ABORTED || state == MoveState.QUARANTINED;
        var erased = state == MoveState.ERASING;

        assertEquals(
                erased ? RollbackOutcome.TOO_LATE : RollbackOutcome.UNDER_WAY, RollbackOutcome.of(in(state, false)));
        assertEquals(aborted, RollbackOutcome.of(in(state, true)) == RollbackOutcome.FAILED);
    }

    private static Move in(MoveState state, boolean settled) {
        var id = UUID.randomUUID();
        return new Move(
                id,
                AccountId.create(),
                "a",
                "b",
                state,
                null,
                1,
                2,
                3,
                4,
                null,
                settled,
                "wave",
                Instant.EPOCH,
                true,
                UUID.randomUUID());
    }
}
