package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.baton.BatonMaker;
import org.domicile.migration.command.CommandOffice;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.peer.Commits;
import org.domicile.migration.receipt.ReceiptIssuer;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.Regions;
import org.domicile.platform.sql.Pipeline;
import org.jboss.logging.Logger;

/**
 * Takes a move as far as the facts allow. A step is one transaction: the directory's compare-and-set, the move, its journal,
 * its commands, its baton and its receipts, or nothing. It keeps nothing in memory: a crash between two steps loses nothing,
 * and whoever asks next, this process or another, goes on.
 */
@ApplicationScoped
public class MoveCoordinator {
    private static final Logger LOG = Logger.getLogger(MoveCoordinator.class);

    private final Commits commits;
    private final Regions regions;
    private final MoveRules rules;
    private final Clock clock;
    private final DirectoryStore directory;
    private final MoveStore moves;
    private final AckStore acks;
    private final MoveJournal journal;
    private final CommandOffice office;
    private final BatonMaker batons;
    private final ReceiptIssuer receipts;
    private final MoveMetrics metrics;
    private final MoveTraces traces;

    @Inject
    public MoveCoordinator(
            Commits commits,
            Regions regions,
            MoveRules rules,
            Clock clock,
            DirectoryStore directory,
            MoveStore moves,
            AckStore acks,
            MoveJournal journal,
            CommandOffice office,
            BatonMaker batons,
            ReceiptIssuer receipts,
            MoveMetrics metrics,
            MoveTraces traces) {
        this.commits = commits;
        this.regions = regions;
        this.rules = rules;
        this.clock = clock;
        this.directory = directory;
        this.moves = moves;
        this.acks = acks;
        this.journal = journal;
        this.office = office;
        this.batons = batons;
        this.receipts = receipts;
        this.metrics = metrics;
        this.traces = traces;
    }

    /** Takes the account's move on, if it has one. */
    public Uni<Void> advance(AccountId account) {
        return transaction(connection -> advance(connection, account));
    }

    /** The same, and orders again what nobody has answered: an order may have been lost, or refused for a reason that is over. */
    public Uni<Void> goOn(AccountId account) {
        return transaction(connection -> directory
                .lock(connection, account)
                .flatMap(row -> row.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : acks.of(connection, account).flatMap(known -> goOn(connection, row.get(), known))));
    }

    private Uni<List<Move>> goOn(SqlConnection connection, DirectoryRow row, Acks known) {
        return moves.current(connection, row.account())
                .flatMap(move -> move.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : run(connection, move.get(), row, known, new ArrayList<>())
                                .call(steps -> steps.isEmpty()
                                        ? repeat(connection, move.get(), row, known)
                                        : Uni.createFrom().voidItem()));
    }

    private Uni<Void> repeat(SqlConnection connection, Move move, DirectoryRow row, Acks known) {
        var orders = rules.unanswered(move, row, known);
        if (orders.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.infof("ordered again account=%s move=%s count=%d", move.account(), move.id(), orders.size());
        return office.repeat(connection, row, peer(move), move.shadowEpoch(), orders);
    }

    private String peer(Move move) {
        return regions.isSelf(move.source()) ? move.target() : move.source();
    }

    /** Runs work that may take moves on; counts the steps once it is committed. */
    public Uni<Void> transaction(java.util.function.Function<SqlConnection, Uni<List<Move>>> work) {
        return traces.inContext(() -> commits.transaction(work))
                .invoke(metrics::entered)
                .replaceWithVoid();
    }

    /** The same within the caller's transaction. @return the move as it was after each step */
    public Uni<List<Move>> advance(SqlConnection connection, AccountId account) {
        return directory
                .lock(connection, account)
                .flatMap(row -> row.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : acks.of(connection, account).flatMap(known -> advance(connection, row.get(), known)));
    }

    /** The same with the locked row and all acks at hand. */
    public Uni<List<Move>> advance(SqlConnection connection, DirectoryRow row, Acks known) {
        return moves.current(connection, row.account())
                .flatMap(move -> move.isEmpty()
                        ? Uni.createFrom().item(List.of())
                        : run(connection, move.get(), row, known, new ArrayList<>()));
    }

    private Uni<List<Move>> run(SqlConnection connection, Move move, DirectoryRow row, Acks known, List<Move> done) {
        var next = rules.next(move, row, known, clock.instant());
        if (next.isEmpty()) {
            return Uni.createFrom().item(done);
        }
        var step = next.get();
        done.add(step.move());
        return commit(connection, move, row, step, known)
                .chain(() -> run(connection, step.move(), step.directory(), known, done));
    }

    /** Writes one step; the row must be locked. */
    public Uni<Void> commit(SqlConnection connection, Move before, DirectoryRow row, Step step, Acks known) {
        return traces.step(step.move(), () -> write(connection, before, row, step, known));
    }

    private Uni<Void> write(SqlConnection connection, Move before, DirectoryRow row, Step step, Acks known) {
        var move = step.move();
        return Pipeline.inOrder(
                        directory.compareAndSet(connection, row, step.directory()),
                        moves.update(connection, move),
                        before.state() == move.state()
                                ? Uni.createFrom().voidItem()
                                : journal.entered(
                                        connection, move, step.directory().epoch()),
                        office.send(connection, step.directory(), peer(move), move.shadowEpoch(), step.orders()))
                .chain(() ->
                        step.undone() == null ? Uni.createFrom().voidItem() : undo(connection, move.rollbackOf(), step))
                .chain(() -> step.handOver()
                        ? batons.handOver(connection, move, step.directory(), known)
                        : Uni.createFrom().voidItem())
                .chain(() -> receipts.after(connection, before, step, known));
    }

    /** The move that a rollback undoes: rolled back, or soaking again for as long as at first. */
    private Uni<Void> undo(SqlConnection connection, UUID undone, Step step) {
        return moves.find(connection, undone).flatMap(found -> {
            var soaking = step.undone() == MoveState.SOAK;
            var until = soaking ? clock.instant().plus(rules.limits().soak()) : null;
            var next =
                    found.orElseThrow().to(step.undone(), soaking ? step.move().reason() : null, until);
            var move = soaking ? next : next.settle();
            return moves.update(connection, move)
                    .chain(() ->
                            journal.entered(connection, move, step.directory().epoch()));
        });
    }
}
