package org.domicile.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The process that takes a step of a journey is killed at its commit while the owner writes: by default at one of a
 * rollback. {@code -Ddomicile.faults.seed=N -Ddomicile.faults.transitions=T} make it another run, or the same again, of T of each
 * journey, with {@code -Ddomicile.faults.at-once=K} in K databases of each.
 */
@ExtendWith(StartedStack.class)
class TransitionsIT {
    private static final long SEED = Long.getLong("domicile.faults.seed", 1);
    private static final int AT_ONCE = Integer.getInteger("domicile.faults.at-once", 1);
    private static final String HELD = "HELD";

    private final SecureRandom random = new SecureRandom();

    @TestFactory
    Stream<DynamicTest> nothing_is_lost_in_a_move() {
        return each(Journey.MOVE, transitions -> {
            var trial = Trial.begin(random);
            try (var strikes = new Strikes(transitions, trial.owner().account())) {
                return trial.breaches("move: " + transitions, operator -> {
                    var end = operator.move();
                    strikes.await();
                    return end;
                });
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> nothing_is_lost_in_a_rollback() {
        return each(Journey.ROLLBACK, transitions -> {
            var trial = Trial.begin(random);
            return trial.breaches("rollback: " + transitions, operator -> {
                held(operator);
                try (var strikes = new Strikes(transitions, trial.owner().account())) {
                    operator.release();
                    var end = operator.rollBack();
                    strikes.await();
                    return end;
                }
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> nothing_is_purged_in_a_hold() {
        return each(Journey.HOLD, transitions -> {
            var trial = Trial.begin(random);
            var breaches = trial.breaches("hold: " + transitions, operator -> {
                operator.move();
                try (var strikes = new Strikes(transitions, trial.owner().account())) {
                    var end = operator.hold();
                    if (end.equals(HELD)) {
                        assertFalse(trial.isPurged(), "purged while it is held");
                        operator.release();
                    }
                    strikes.await();
                    return end;
                }
            });
            trial.purged();
            return breaches;
        });
    }

    @TestFactory
    Stream<DynamicTest> nothing_is_left_after_an_erasure() {
        return each(Journey.ERASURE, transitions -> {
            var trial = Trial.begin(random);
            return trial.breachesOfErasure("erasure: " + transitions, operator -> {
                held(operator);
                try (var strikes = new Strikes(transitions, trial.owner().account())) {
                    operator.release();
                    trial.erase();
                    strikes.await();
                    return "ERASED";
                }
            });
        });
    }

    /** A journey of an account of its own, struck at these transitions. */
    private interface Struck {
        List<String> breaches(List<Transition> transitions) throws Exception;
    }

    private static Stream<DynamicTest> each(Journey journey, Struck struck) {
        var count = Integer.getInteger("domicile.faults.transitions", journey == Journey.ROLLBACK ? 1 : 0);
        return Strikes.together(Transition.of(journey, SEED, count), AT_ONCE).stream()
                .map(transitions -> dynamicTest(
                        transitions + " of seed " + SEED, () -> assertEquals(List.of(), struck.breaches(transitions))));
    }

    /** It has moved, and soaks for as long as it takes to prepare what comes; a computer may be too busy for it. */
    private static void held(PatientOperator operator) throws InterruptedException {
        operator.move();
        assumeTrue(operator.hold().equals(HELD), "the soak was over before it was held");
    }
}
