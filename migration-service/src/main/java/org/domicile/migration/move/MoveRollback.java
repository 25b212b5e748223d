package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.platform.account.TimeOrderedId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** What an operator may do with a move while its account soaks at the new home: begin the way back, hold, release. */
@ApplicationScoped
public class MoveRollback {

    private final Clock clock;
    private final DirectoryStore directory;
    private final MoveStore moves;
    private final AckStore acks;
    private final MoveJournal journal;
    private final MoveRules rules;
    private final MoveCoordinator coordinator;

    @Inject
    public MoveRollback(
            Clock clock,
            DirectoryStore directory,
            MoveStore moves,
            AckStore acks,
            MoveJournal journal,
            MoveRules rules,
            MoveCoordinator coordinator) {
        this.clock = clock;
        this.directory = directory;
        this.moves = moves;
        this.acks = acks;
        this.journal = journal;
        this.rules = rules;
        this.coordinator = coordinator;
    }

    /**
     * Begins the way back. The old home's law is not asked: it had the account, and an operator who orders this answers for it.
     *
     * @return the rollback, a move of its own; fails with CONFLICT unless the move soaks
     */
    public Uni<Move> begin(Move move, String requestedBy) {
        var begun = new AtomicReference<Move>();
        return coordinator
                .transaction(connection -> locked(connection, move, MoveState.SOAK)
                        .flatMap(row -> moves.find(connection, move.id())
                                .flatMap(current -> begin(connection, row, current.orElseThrow(), requestedBy, begun))))
                .map(done -> begun.get());
    }

    /** A legal hold: the copy at the old home stays, and the account's way back with it. */
    public Uni<Void> hold(Move move, String reason) {
        return change(move, MoveState.SOAK, move.to(MoveState.HELD, reason, null));
    }

    /** Ends the hold; the soak begins anew. */
    public Uni<Void> release(Move move) {
        var until = clock.instant().plus(rules.limits().soak());
        return change(move, MoveState.HELD, move.to(MoveState.SOAK, null, until));
    }

    private Uni<Void> change(Move before, MoveState required, Move after) {
        return coordinator.transaction(connection -> locked(connection, before, required)
                .flatMap(row ->
                        moves.update(connection, after).chain(() -> journal.entered(connection, after, row.epoch())))
                .replaceWith(List.of(after)));
    }

    private Uni<List<Move>> begin(
            SqlConnection connection, DirectoryRow row, Move move, String requestedBy, AtomicReference<Move> begun) {
        var rollback = move.rollback(TimeOrderedId.next(), requestedBy, clock.instant());
        var waiting = move.to(MoveState.ROLLING_BACK, null, null);
        var taken = row.forMove(rollback.id());
        begun.set(rollback);
        return moves.update(connection, waiting)
                .chain(() -> journal.entered(connection, waiting, row.epoch()))
                .chain(() -> moves.insert(connection, rollback))
                .chain(() -> journal.entered(connection, rollback, row.epoch()))
                .chain(() -> directory.compareAndSet(connection, row, taken))
                .chain(() -> acks.of(connection, move.account()))
                .flatMap(known -> coordinator.advance(connection, taken, known));
    }

    /** The account's row, locked, while the move is its business and in this state. */
    private Uni<DirectoryRow> locked(SqlConnection connection, Move move, MoveState required) {
        return directory.lock(connection, move.account()).flatMap(row -> moves.find(connection, move.id())
                .map(current -> {
                    var state = current.orElseThrow().state();
                    if (state != required
                            || row.isEmpty()
                            || !move.id().equals(row.get().moveId())) {
                        throw conflict(state);
                    }
                    return row.get();
                }));
    }

    static ProblemException conflict(MoveState state) {
        return new ProblemException(
                ErrorCode.CONFLICT,
                "The move is in " + state
                        + ": only a move in SOAK can be rolled back or held, and one in HELD released.",
                Map.of("state", state.name()));
    }
}
