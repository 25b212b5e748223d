package org.domicile.migration.move;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.law.Placement;
import org.domicile.migration.law.TransferLaw;
import org.domicile.migration.law.Verdict;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;

/** Begins and aborts moves: checks who is home, what the law allows, and that no other move is under way. */
@ApplicationScoped
public class MovePlanner {
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    private final Clock clock;
    private final Regions regions;
    private final TransferLaw law;
    private final Placement placement;
    private final DirectoryStore directory;
    private final Residencies residencies;
    private final MoveStore moves;
    private final AckStore acks;
    private final MoveJournal journal;
    private final MoveRules rules;
    private final MoveCoordinator coordinator;

    @Inject
    public MovePlanner(
            Clock clock,
            Regions regions,
            TransferLaw law,
            Placement placement,
            DirectoryStore directory,
            Residencies residencies,
            MoveStore moves,
            AckStore acks,
            MoveJournal journal,
            MoveRules rules,
            MoveCoordinator coordinator) {
        this.clock = clock;
        this.regions = regions;
        this.law = law;
        this.placement = placement;
        this.directory = directory;
        this.residencies = residencies;
        this.moves = moves;
        this.acks = acks;
        this.journal = journal;
        this.rules = rules;
        this.coordinator = coordinator;
    }

    /** What a move would be: nothing is written. */
    public record Plan(AccountId accountId, String from, String to, String market, Verdict verdict) {}

    /**
     * @param to empty = where the account's market belongs
     * @return fails with NOT_FOUND, WRONG_REGION, INVALID_REQUEST, CONFLICT or NO_TRANSFER_BASIS
     */
    public Uni<Plan> plan(AccountId account, Optional<String> to) {
        return directory.find(account).flatMap(row -> plan(account, row, to));
    }

    /** The same, and begins it. The same request again gives the move that it began. */
    public Uni<Move> begin(AccountId account, Optional<String> to, String requestedBy) {
        var begun = new AtomicReference<Move>();
        return coordinator
                .transaction(connection -> directory.lock(connection, account).flatMap(row -> plan(account, row, to)
                        .flatMap(plan -> begin(connection, row.orElseThrow(), plan, requestedBy, begun))))
                .map(done -> begun.get());
    }

    /** @return fails with CONFLICT once the move is committed or over */
    public Uni<Void> abort(Move move, String requestedBy) {
        return coordinator.transaction(
                connection -> directory.lock(connection, move.account()).flatMap(row -> moves.unsettled(
                                connection, move.account())
                        .flatMap(current -> abort(connection, row.orElseThrow(), current, move, requestedBy))));
    }

    private Uni<Plan> plan(AccountId account, Optional<DirectoryRow> row, Optional<String> wanted) {
        if (row.isEmpty()) {
            return residencies.elsewhere(account).map(elsewhere -> {
                throw elsewhere
                        .map(residencies::wrongRegion)
                        .orElseGet(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such account."));
            });
        }
        return Uni.createFrom().item(() -> decide(row.get(), wanted));
    }

    private Plan decide(DirectoryRow row, Optional<String> wanted) {
        if (!regions.isSelf(row.home())) {
            throw residencies.wrongRegion(new Residency(row.home(), row.epoch(), row.home(), clock.instant()));
        }
        var to = wanted.or(() -> placement.target(row.market()))
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.INVALID_REQUEST, "Name the target region in \"to\": the market has none."));
        if (regions.find(to).isEmpty()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "The region \"" + to + "\" is not on the region list.");
        }
        if (to.equals(row.home())) {
            throw new ProblemException(ErrorCode.CONFLICT, "The account already lives in " + to + ".");
        }
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var verdict = law.decide(row.market(), row.home(), to, today);
        if (!verdict.allowed()) {
            throw refused(row, to, verdict);
        }
        return new Plan(row.account(), row.home(), to, row.market(), verdict);
    }

    private static ProblemException refused(DirectoryRow row, String to, Verdict verdict) {
        var detail = verdict.notCovered().isEmpty()
                ? "The market " + row.market() + " does not let its accounts live in " + to + "."
                : "No transfer basis is held for " + String.join(", ", verdict.notCovered()) + " of the market "
                        + row.market() + " from " + row.home() + " to " + to + ".";
        return new ProblemException(
                ErrorCode.NO_TRANSFER_BASIS,
                detail,
                Map.of(
                        "market", row.market(),
                        "from", row.home(),
                        "to", to,
                        "notCovered", verdict.notCovered(),
                        "allowedRegions", verdict.allowedRegions()));
    }

    private Uni<List<Move>> begin(
            SqlConnection connection, DirectoryRow row, Plan plan, String requestedBy, AtomicReference<Move> begun) {
        return moves.unsettled(connection, plan.accountId()).flatMap(current -> {
            if (current.isPresent()) {
                begun.set(sameOrConflict(current.get(), plan));
                return Uni.createFrom().item(List.of());
            }
            var move = Move.planned(
                    IDS.generate(), plan.accountId(), plan.from(), plan.to(), requestedBy, clock.instant());
            begun.set(move);
            return moves.insert(connection, move)
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
        var step = rules.abort(current.get(), row, "aborted by " + requestedBy);
        return acks.of(connection, wanted.account())
                .flatMap(known -> coordinator.commit(connection, current.get(), row, step, known))
                .replaceWith(List.of(step.move()));
    }
}
