package org.domicile.migration.baton;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.command.CommandOffice;
import org.domicile.migration.directory.DirectoryPublisher;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.directory.KnownHome;
import org.domicile.migration.law.TransferLaw;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MoveJournal;
import org.domicile.migration.move.MoveRules;
import org.domicile.migration.move.MoveState;
import org.domicile.migration.move.MoveStep;
import org.domicile.migration.move.MoveStore;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.region.Regions;
import org.domicile.platform.sql.Pipeline;

/** Takes the baton: this region becomes home ({@code Accept} and {@code Become} in AccountMove.tla). */
@ApplicationScoped
public class BatonTaker {
    /** More epochs than an account was given in a move. */
    private static final long SPAN = 1L << 20;

    private final Regions regions;
    private final MoveRules rules;
    private final KnownHome knownHome;
    private final DirectoryStore directory;
    private final DirectoryPublisher publisher;
    private final MoveStore moves;
    private final AckStore acks;
    private final MoveJournal journal;
    private final TransferLaw law;
    private final Clock clock;
    private final CommandOffice office;
    private final MoveCoordinator coordinator;

    @Inject
    public BatonTaker(
            Regions regions,
            MoveRules rules,
            KnownHome knownHome,
            DirectoryStore directory,
            DirectoryPublisher publisher,
            MoveStore moves,
            AckStore acks,
            MoveJournal journal,
            TransferLaw law,
            Clock clock,
            CommandOffice office,
            MoveCoordinator coordinator) {
        this.regions = regions;
        this.rules = rules;
        this.knownHome = knownHome;
        this.directory = directory;
        this.publisher = publisher;
        this.moves = moves;
        this.acks = acks;
        this.journal = journal;
        this.law = law;
        this.clock = clock;
        this.office = office;
        this.coordinator = coordinator;
    }

    /**
     * @param signer the region that signed the baton and presents it
     * @return fails with FORBIDDEN if the signer is not the account's home; a baton that is not above the directory's epoch
     *     is acknowledged again and changes nothing
     */
    public Uni<Void> take(Baton baton, String signer) {
        if (!baton.from().equals(signer) || !regions.isSelf(baton.to())) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN, "A baton is signed and brought by the home, to its target.");
        }
        return coordinator.transaction(connection -> directory
                .requireAnswers(connection)
                .chain(() -> directory.leastEpochSince(connection, handedOver(baton)))
                .flatMap(least -> least.map(epoch -> takeAfterRestore(connection, baton, epoch))
                        .orElseGet(() -> takeFirst(connection, baton))));
    }

    private Uni<List<Move>> takeFirst(SqlConnection connection, Baton baton) {
        return knownHome
                .locked(connection, baton.accountId(), baton.from(), baton.epoch())
                .flatMap(row -> row.map(known -> become(connection, baton, known, baton.epoch()))
                        .orElseGet(BatonTaker::nothing));
    }

    /**
     * Perhaps it is brought again ({@code Take} in RestoredDirectory.tla). What was ordered here since it came first is above its epoch, and
     * not known any more.
     */
    private Uni<List<Move>> takeAfterRestore(SqlConnection connection, Baton baton, long least) {
        return knownHome
                .lockedAfterRestore(connection, baton.accountId(), baton.from(), baton.epoch())
                .flatMap(row -> row.map(
                                known -> moves.find(connection, baton.move().id())
                                        .flatMap(move -> move.isPresent() || hasLeftSince(known, baton)
                                                ? nothing()
                                                : become(connection, baton, atRest(known), above(known, baton, least))))
                        .orElseGet(BatonTaker::nothing));
    }

    /** Handed over by this region itself, or by what another has said: the signed directory may not say so yet. */
    private static boolean hasLeftSince(DirectoryRow row, Baton baton) {
        return row.state() == DirectoryState.AWAY && row.epoch() >= baton.epoch();
    }

    private static DirectoryRow atRest(DirectoryRow row) {
        if (row.state() != DirectoryState.IDLE && row.state() != DirectoryState.AWAY) {
            throw new ProblemException(
                    ErrorCode.CONFLICT, "The account is being moved: bring the baton again afterwards.");
        }
        return row;
    }

    private static long above(DirectoryRow row, Baton baton, long least) {
        return Math.max(least, Math.max(row.epoch(), baton.epoch()) + SPAN);
    }

    private static Uni<List<Move>> nothing() {
        return Uni.createFrom().item(List.of());
    }

    private static Instant handedOver(Baton baton) {
        return baton.steps().stream()
                .filter(step -> step.state() == MoveState.CUT_OVER)
                .map(MoveStep::at)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private Uni<List<Move>> become(SqlConnection connection, Baton baton, DirectoryRow row, long epoch) {
        var move = baton.move().cutOverAt(epoch).feeding(coversWayBack(baton));
        var home = row.become(baton.to(), epoch, baton.market(), move.id());
        return (move.rollsBack()
                        ? rolledBack(connection, move)
                        : Uni.createFrom().voidItem())
                .chain(() -> Pipeline.inOrder(
                        directory.compareAndSet(connection, row, home),
                        moves.insert(connection, move),
                        moves.addSteps(connection, baton.accountId(), move.id(), baton.steps()),
                        merge(connection, baton.acks()),
                        publisher.publish(connection, move.account(), baton.directory()),
                        office.send(connection, home, move.source(), move.shadowEpoch(), rules.become(home))))
                .chain(() -> acks.of(connection, move.account()))
                .flatMap(known -> coordinator.advance(connection, home, known));
    }

    private boolean coversWayBack(Baton baton) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return law.coversWayBack(baton.market(), baton.to(), baton.from(), today);
    }

    /** The move that left here, and is undone now; perhaps nobody has said yet that the other region took its baton. */
    private Uni<Void> rolledBack(SqlConnection connection, Move rollback) {
        return moves.find(connection, rollback.rollbackOf())
                // one that was restored may have ended as if it had not left
                .map(left -> left.filter(move -> move.state().next().contains(MoveState.ROLLED_BACK)))
                .flatMap(left -> left.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : rolledBack(
                                connection,
                                left.get().to(MoveState.ROLLED_BACK, null, null).settle(),
                                rollback.homeEpoch()));
    }

    private Uni<Void> rolledBack(SqlConnection connection, Move left, long epoch) {
        return moves.update(connection, left).chain(() -> journal.entered(connection, left, epoch));
    }

    /** What the old home was told by its own participants; ours tell us themselves. */
    private Uni<Void> merge(SqlConnection connection, List<FenceAck> brought) {
        return acks.put(
                connection,
                brought.stream().filter(ack -> !regions.isSelf(ack.region())).toList());
    }
}
