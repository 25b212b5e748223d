package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.platform.account.TimeOrderedId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Pace;

/** What an operator may do with a move while its account soaks at the new home: begin the way back, hold, release. */
@ApplicationScoped
public class MoveRollback {
    /** What can be rolled back. */
    static final Set<MoveState> UNDOABLE = EnumSet.of(MoveState.SOAK, MoveState.CHECKING);

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
     * @return the rollback, a move of its own; fails with CONFLICT unless the move soaks or is being checked
     */
    public Uni<Move> begin(Move move, String requestedBy) {
        return begin(move, TimeOrderedId.next(), null, requestedBy);
    }

    /**
     * The same with an id of the caller's choice.
     *
     * @param pace how fast each participant may copy while the account is live; null = as fast as it can
     */
    Uni<Move> begin(Move move, UUID id, Pace pace, String requestedBy) {
        var begun = new AtomicReference<Move>();
        return coordinator
                .transaction(connection -> locked(connection, move, UNDOABLE)
                        .call(row -> directory.requireSettled(connection, row.account()))
                        .flatMap(row -> moves.find(connection, move.id()).flatMap(current -> {
                            begun.set(current.orElseThrow().rollback(id, requestedBy, clock.instant()));
                            return begin(connection, row, current.orElseThrow(), begun.get(), pace);
                        })))
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
        return coordinator.transaction(connection -> locked(connection, before, Set.of(required))
                .flatMap(row ->
                        moves.update(connection, after).chain(() -> journal.entered(connection, after, row.epoch())))
                .replaceWith(List.of(after)));
    }

    private Uni<List<Move>> begin(SqlConnection connection, DirectoryRow row, Move move, Move rollback, Pace pace) {
        var waiting = move.to(MoveState.ROLLING_BACK, null, null);
        var taken = row.forMove(rollback.id());
        return moves.update(connection, waiting)
                .chain(() -> journal.entered(connection, waiting, row.epoch()))
                .chain(() -> moves.insert(connection, rollback))
                .chain(() -> moves.setPace(connection, rollback, pace))
                .chain(() -> journal.entered(connection, rollback, row.epoch()))
                .chain(() -> directory.compareAndSet(connection, row, taken))
                .chain(() -> acks.of(connection, move.account()))
                .flatMap(known -> coordinator.advance(connection, taken, known));
    }

    /** The account's row, locked, while the move is its business and in such a state. */
    private Uni<DirectoryRow> locked(SqlConnection connection, Move move, Set<MoveState> required) {
        return directory.lock(connection, move.account()).flatMap(row -> moves.find(connection, move.id())
                .map(current -> {
                    var state = current.orElseThrow().state();
                    if (!required.contains(state)
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
                        + ": only a move in SOAK can be rolled back or held (in CHECKING rolled back), and one in HELD"
                        + " released.",
                Map.of("state", state.name()));
    }
}
