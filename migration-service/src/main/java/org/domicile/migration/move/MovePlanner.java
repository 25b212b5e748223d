package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.law.Heads;
import org.domicile.migration.move.MovePlans.Plan;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.account.TimeOrderedId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Begins and aborts moves: checks who is home, what the law allows, and that no other move is under way. */
@ApplicationScoped
public class MovePlanner {

    private final Clock clock;
    private final MovePlans plans;
    private final Heads heads;
    private final DirectoryStore directory;
    private final MoveStore moves;
    private final AckStore acks;
    private final MoveJournal journal;
    private final MoveRules rules;
    private final MoveCoordinator coordinator;

    @Inject
    public MovePlanner(
            Clock clock,
            MovePlans plans,
            Heads heads,
            DirectoryStore directory,
            MoveStore moves,
            AckStore acks,
            MoveJournal journal,
            MoveRules rules,
            MoveCoordinator coordinator) {
        this.clock = clock;
        this.plans = plans;
        this.heads = heads;
        this.directory = directory;
        this.moves = moves;
        this.acks = acks;
        this.journal = journal;
        this.rules = rules;
        this.coordinator = coordinator;
    }

    /**
     * Begins the move, if its plan is allowed. The same request again gives the move that it began.
     *
     * @return fails with CONFLICT while a restored directory waits for a region's answer, or another move is not settled
     */
    public Uni<Move> begin(AccountId account, Optional<String> to, String requestedBy) {
        var begun = new AtomicReference<Move>();
        return coordinator
                .transaction(connection -> begin(connection, account, to, requestedBy, begun))
                .map(done -> begun.get());
    }

    /** The same within the caller's transaction, see {@link MoveCoordinator#transaction}. @param begun is given the move */
    public Uni<List<Move>> begin(
            SqlConnection connection,
            AccountId account,
            Optional<String> to,
            String requestedBy,
            AtomicReference<Move> begun) {
        return directory.lock(connection, account).flatMap(row -> lockHeads(connection, row)
                .chain(() -> plans.of(connection, account, row, to))
                .call(() -> directory.requireSettled(connection, account))
                .flatMap(plan -> begin(connection, row.orElseThrow(), plan, requestedBy, begun)));
    }

    private Uni<Void> lockHeads(SqlConnection connection, Optional<DirectoryRow> row) {
        // a region that has only heard of the account does not know its market
        return row.map(DirectoryRow::market)
                .map(market -> heads.lock(connection, market))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** @return fails with CONFLICT once the move is committed or over */
    public Uni<Void> abort(Move move, String requestedBy) {
        return coordinator.transaction(
                connection -> directory.lock(connection, move.account()).flatMap(row -> moves.unsettled(
                                connection, move.account())
                        .flatMap(current -> abort(connection, row.orElseThrow(), current, move, requestedBy))));
    }

    private Uni<List<Move>> begin(
            SqlConnection connection, DirectoryRow row, Plan plan, String requestedBy, AtomicReference<Move> begun) {
        return moves.unsettled(connection, plan.accountId()).flatMap(current -> {
            if (current.isPresent()) {
                begun.set(sameOrConflict(current.get(), plan));
                return Uni.createFrom().item(List.of());
            }
            var move = Move.planned(
                    TimeOrderedId.next(), plan.accountId(), plan.from(), plan.to(), requestedBy, clock.instant());
            begun.set(move);
            return moves.insert(connection, move)
                    .chain(() -> heads.count(connection, plan.market(), plan.accountId(), plan.to()))
                    .chain(() -> journal.entered(connection, move, row.epoch()))
                    .chain(() -> acks.of(connection, plan.accountId()))
                    .flatMap(known -> coordinator.advance(connection, row, known));
        });
    }

    private static Move sameOrConflict(Move current, Plan plan) {
        if (current.target().equals(plan.to()) && !current.state().ended()) {
            return current;
        }
        throw new ProblemException(
                ErrorCode.CONFLICT,
                "Another move of this account is not settled yet.",
                Map.of(
                        "moveId",
                        current.id().toString(),
                        "state",
                        current.state().name()));
    }

    private Uni<List<Move>> abort(
            SqlConnection connection, DirectoryRow row, Optional<Move> current, Move wanted, String requestedBy) {
        if (current.isEmpty()
                || !current.get().id().equals(wanted.id())
                || !current.get().state().mayAbort()) {
            throw new ProblemException(
                    ErrorCode.CONFLICT,
                    "The move can no longer be aborted.",
                    Map.of(
                            "state",
                            current.map(Move::state).orElse(wanted.state()).name()));
        }
        if (wanted.restsIn(row)) {
            throw new ProblemException(
                    ErrorCode.CONFLICT,
                    "The database was restored: the move is ended when " + wanted.target() + " has been asked.");
        }
        var step = rules.abort(current.get(), row, "aborted by " + requestedBy);
        return acks.of(connection, wanted.account())
                .flatMap(known -> coordinator.commit(connection, current.get(), row, step, known))
                .chain(() -> moves.abortedBy(connection, step.move(), requestedBy))
                .replaceWith(List.of(step.move()));
    }
}
