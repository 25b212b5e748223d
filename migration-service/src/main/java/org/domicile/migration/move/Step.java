package org.domicile.migration.move;

import java.util.List;
import org.domicile.migration.command.Order;
import org.domicile.migration.directory.DirectoryRow;

/**
 * One decided step, committed as a whole: the move and the directory row as they are afterwards, and what is ordered
 * with it.
 *
 * @param handOver the step is the cut-over: the row names the new home, and the baton is made
 */
public record Step(Move move, DirectoryRow directory, List<Order> orders, boolean handOver) {
    public Step {
        orders = List.copyOf(orders);
    }

    static Step of(Move move, DirectoryRow directory) {
        return new Step(move, directory, List.of(), false);
    }

    static Step of(Move move, DirectoryRow directory, List<Order> orders) {
        return new Step(move, directory, orders, false);
    }
}
