package org.domicile.migration.move;

import java.util.List;
import org.domicile.migration.command.Order;
import org.domicile.migration.directory.DirectoryRow;

/**
 * One decided step, committed as a whole: the move and the directory row as they are afterwards, and what is ordered
 * with it.
 *
 * @param handOver the step is the cut-over: the row names the new home, and the baton is made
 * @param undone what becomes of the move that this one undoes, if it is a rollback; null = nothing yet
 */
public record Step(Move move, DirectoryRow directory, List<Order> orders, boolean handOver, MoveState undone) {
    public Step {
        orders = List.copyOf(orders);
    }

    static Step of(Move move, DirectoryRow directory) {
        return new Step(move, directory, List.of(), false, null);
    }

    static Step of(Move move, DirectoryRow directory, List<Order> orders) {
        return new Step(move, directory, orders, false, null);
    }

    /** The same, with what becomes of the move that is undone. */
    Step undoing(MoveState state) {
        return new Step(move, directory, orders, handOver, state);
    }
}
