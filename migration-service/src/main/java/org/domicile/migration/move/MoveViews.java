package org.domicile.migration.move;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.receipt.ReceiptStore;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;

/** Puts together what is known of a move, from the database alone. */
@ApplicationScoped
public class MoveViews {
    /** How often a watcher's view is read again. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Pool pool;
    private final Regions regions;
    private final MoveRules rules;
    private final MoveStore moves;
    private final AckStore acks;
    private final ReceiptStore receipts;
    private final DirectoryStore directory;

    @Inject
    public MoveViews(
            Pool pool,
            Regions regions,
            MoveRules rules,
            MoveStore moves,
            AckStore acks,
            ReceiptStore receipts,
            DirectoryStore directory) {
        this.pool = pool;
        this.regions = regions;
        this.rules = rules;
        this.moves = moves;
        this.acks = acks;
        this.receipts = receipts;
        this.directory = directory;
    }

    /** @return fails with NOT_FOUND */
    public Uni<Move> move(UUID id) {
        return moves.find(id)
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such move here.")));
    }

    public Uni<MoveView> view(Move move) {
        return acks.of(pool, move.account()).flatMap(known -> moves.steps(pool, move.account(), move.id())
                .flatMap(steps -> receipts.salts(move.account(), move.id()).flatMap(salts -> directory
                        .find(move.account())
                        .map(row -> MoveView.of(
                                new MoveEvidence(move, known),
                                row.map(DirectoryRow::epoch).orElse(0L),
                                row.map(found -> reached(found, known)).orElse(0L),
                                rules.participants(),
                                steps,
                                salts,
                                handedOver(move) ? continuedAt(move) : null)))));
    }

    /** The services of the home answer with this epoch or a lower one: the row may be above it, and after a restore is for long. */
    private static long reached(DirectoryRow row, Acks known) {
        return row.state() == DirectoryState.AWAY ? row.epoch() : known.highest(row.home());
    }

    /** Every change of a move, beginning with what it is now, until it is settled or another region goes on with it. */
    public Multi<MoveView> watch(Move move) {
        return Multi.createBy()
                .repeating()
                .uni(() -> move(move.id()).flatMap(this::view))
                .withDelay(LOOK)
                .indefinitely()
                .select()
                .first(new UntilSettled())
                .skip()
                .repetitions();
    }

    /** Whether this region was the source and the target goes on with the move. */
    public boolean handedOver(Move move) {
        return move.state() == MoveState.CUT_OVER && move.settled();
    }

    public URI continuedAt(Move move) {
        return regions.get(move.target()).publicUrls().get("migration");
    }

    /** True for the settled view too, which is then sent, and false for what follows it. */
    private static final class UntilSettled implements java.util.function.Predicate<MoveView> {
        private boolean over;

        @Override
        public boolean test(MoveView view) {
            var goOn = !over;
            over = view.settled();
            return goOn;
        }
    }
}
