package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Answers the old home of accounts that asks for them: begins the rollback of a move that soaks, and says where each stands. */
@ApplicationScoped
public class OrderedRollbacks {
    private static final String REQUESTED_BY = "wave";

    private final MoveStore moves;
    private final MoveRollback rollbacks;

    @Inject
    public OrderedRollbacks(MoveStore moves, MoveRollback rollbacks) {
        this.moves = moves;
        this.rollbacks = rollbacks;
    }

    /** @return fails with FORBIDDEN unless the move came from the caller */
    public Uni<RollbackAnswer> answer(RollbackOrder order, String caller) {
        return moves.find(order.rollbackId())
                .flatMap(rollback -> rollback.isPresent()
                        ? Uni.createFrom()
                                .item(answer(
                                        order,
                                        RollbackOutcome.of(rollback.get()),
                                        rollback.get().reason()))
                        : moves.find(order.moveId()).flatMap(move -> begin(order, move, caller)));
    }

    private Uni<RollbackAnswer> begin(RollbackOrder order, Optional<Move> found, String caller) {
        if (found.isEmpty()) {
            return Uni.createFrom().item(answer(order, RollbackOutcome.TOO_LATE, "There is no such move here."));
        }
        var move = found.get();
        if (!move.source().equals(caller) || !move.account().equals(order.accountId())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "A region asks for the accounts that came from it.");
        }
        var outcome = RollbackOutcome.before(move.state());
        if (!MoveRollback.UNDOABLE.contains(move.state())) {
            return Uni.createFrom().item(answer(order, outcome, sentence(move)));
        }
        return rollbacks
                .begin(move, order.rollbackId(), order.pace(), REQUESTED_BY)
                .replaceWith(answer(order, outcome, null))
                // another order came first: the next question learns what it was
                .onFailure(ProblemException.class)
                .recoverWithItem(answer(order, RollbackOutcome.UNDER_WAY, null));
    }

    private static String sentence(Move move) {
        return switch (move.state()) {
            case PURGING, ATTESTED ->
                "Past the point of no return: the copy at " + move.source() + " is being purged, or is gone.";
            case HELD -> "The move is held (" + move.reason() + "): release it, then resume.";
            case ERASING -> "The account is being erased.";
            default -> "The move is in " + move.state() + ".";
        };
    }

    private static RollbackAnswer answer(RollbackOrder order, RollbackOutcome outcome, String sentence) {
        return new RollbackAnswer(order.accountId(), order.rollbackId(), outcome, outcome.over() ? sentence : null);
    }
}
