package org.domicile.migration.move;

import static org.domicile.migration.move.World.S;
import static org.domicile.migration.move.World.SERVICES;
import static org.domicile.migration.move.World.T;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.domicile.platform.fence.FenceMode;

/** Whatever is late, repeated or out of order, a move keeps the promises of AccountMove.tla and comes to an end. */
class MoveRulesProperties {
    private static final List<String> NAMES = List.copyOf(SERVICES);

    @Property(tries = 400)
    void any_delivery_keeps_one_writer_and_loses_nothing(
            @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 9_999) Integer> script) {
        var world = new World();
        world.run(S);

        script.forEach(choice -> act(world, choice));
        world.settle();

        assertTrue(world.settled(), "the move did not come to an end: " + world.moves);
        var moved = world.moves.containsKey(T);
        assertTrue(world.moves.get(moved ? T : S).state().ended());
        for (var service : SERVICES) {
            assertEquals(FenceMode.OWN, world.mode(moved ? T : S, service));
            assertEquals(FenceMode.NONE, world.mode(moved ? S : T, service));
        }
    }

    @Property(tries = 20)
    void without_troubles_the_account_arrives(@ForAll @IntRange(min = 0, max = 9) int writes) {
        var world = new World();
        for (int i = 0; i < writes; i++) {
            world.write(S, NAMES.get(i % 3), "k" + i);
        }
        world.run(S);

        world.settle();

        assertEquals(MoveState.ATTESTED, world.moves.get(T).state());
        assertEquals(MoveState.CUT_OVER, world.moves.get(S).state());
    }

    @Property(tries = 200)
    void an_order_that_is_lost_is_given_again(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 9_999) Integer> script,
            @ForAll @Size(min = 1, max = 40) List<Boolean> lost) {
        var world = new World();
        var losses = lost.iterator();
        world.losing = () -> losses.hasNext() && losses.next();
        world.run(S);

        script.forEach(choice -> act(world, choice));
        world.settle();

        assertTrue(world.settled(), "the move did not come to an end: " + world.moves);
        var home = world.moves.containsKey(T) ? T : S;
        for (var service : SERVICES) {
            assertEquals(FenceMode.OWN, world.mode(home, service));
        }
    }

    private static void act(World world, int choice) {
        var pick = choice / 10;
        var service = NAMES.get(pick % NAMES.size());
        switch (choice % 10) {
            case 0 -> world.write(pick % 2 == 0 ? S : T, service, "k" + pick % 4);
            case 1 -> world.copy(service);
            case 2, 3, 4 -> {
                if (!world.orders.isEmpty()) {
                    world.execute(world.orders.get(pick % world.orders.size()));
                }
            }
            case 5, 6, 7 -> world.deliver(world.sent.get(pick % world.sent.size()), pick % 2 == 0 ? S : T);
            case 8 -> world.acceptBaton();
            default -> {
                if (pick % 25 == 0) {
                    world.abort();
                } else {
                    world.now = world.now.plusSeconds(pick % 4);
                    world.run(S);
                    world.run(T);
                }
            }
        }
        world.check();
    }
}
