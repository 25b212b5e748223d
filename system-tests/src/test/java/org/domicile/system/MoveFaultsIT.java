package org.domicile.system;

import static org.domicile.system.StartedStack.description;
import static org.domicile.system.StartedStack.stack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Accounts move, and come back, while a process is killed, or the lines between the regions are slow, cut or lossy, and writers go on;
 * then the history is checked. {@code -Ddomicile.faults.seed=N -Ddomicile.faults.moves=M -Ddomicile.faults.rollbacks=R
 * -Ddomicile.faults.skew=PT1H} make it another run, or the same again.
 */
@ExtendWith(StartedStack.class)
class MoveFaultsIT {
    private static final long SEED = Long.getLong("domicile.faults.seed", 1);
    private static final int MOVES = Integer.getInteger("domicile.faults.moves", 1);
    private static final int ROLLBACKS = Integer.getInteger("domicile.faults.rollbacks", 0);
    /** SHADOW, KEEP, ACTIVATE, FEED, FEED or KEEP, PURGE and ACTIVATE of four participants; FREEZE and CLOSE are brought, not sent. */
    private static final int ORDERED = 4 * 5;

    private final SecureRandom random = new SecureRandom();

    @AfterEach
    void shortLines() {
        stack().links().forEach(link -> {
            link.mend();
            link.lossy(0, SEED);
            link.roundTrip(Duration.ZERO);
        });
    }

    @Test
    void nothing_is_lost_whatever_dies_during_a_move() throws Exception {
        var moved = new ArrayList<Trial>();
        for (var fault : Fault.of(SEED, MOVES)) {
            var trial = Trial.begin(random);
            moved.add(trial);
            fault.prepare(stack());
            assertEquals(
                    List.of(),
                    trial.breaches(fault.toString(), operator -> under(fault, operator::move)),
                    fault + " of seed " + SEED);
        }
        for (var trial : moved) {
            trial.purged();
        }
    }

    @Test
    void nothing_is_lost_whatever_dies_during_a_rollback() throws Exception {
        assumeTrue(ROLLBACKS > 0, "-Ddomicile.faults.rollbacks=R makes R of them");
        for (var fault : Fault.of(SEED, ROLLBACKS)) {
            assertEquals(
                    List.of(),
                    Trial.begin(random).breaches("a rollback, " + fault, operator -> {
                        operator.move();
                        fault.prepare(stack());
                        return under(fault, operator::rollBack);
                    }),
                    "a rollback, " + fault + " of seed " + SEED);
        }
    }

    @Test
    void commands_that_come_again_late_and_in_another_order_change_nothing() throws Exception {
        var trial = Trial.begin(random);
        var account = trial.owner().account();
        try (var late = new LateCommands(description(), account, SEED)) {
            late.start();
            assertEquals(List.of(), trial.breaches("late commands", PatientOperator::move), "of seed " + SEED);
            trial.purged();
            new PatientOperator(account).awaitAttested();
            late.stop();
            late.awaitTaken();
            var before = AccountState.of(description(), account);

            var commands = late.sendAgain(2);
            late.awaitTaken();

            assertTrue(commands >= ORDERED, commands + " commands were ordered, and came again");
            assertEquals(before, AccountState.of(description(), account), "of seed " + SEED);
        }
        trial.owner().addDevice("written to as before");
    }

    private interface Order {
        /** @return how it ended */
        String given() throws InterruptedException;
    }

    /** Gives an order while the fault happens, which is over too when this returns. */
    private static String under(Fault fault, Order order) throws InterruptedException {
        var strike = CompletableFuture.runAsync(() -> strike(fault));
        var end = order.given();
        strike.join();
        return end;
    }

    private static void strike(Fault fault) {
        try {
            fault.strike(stack());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
