package org.domicile.migration.wave;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MovePlanner;
import org.domicile.migration.move.MoveStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/**
 * Takes a wave one look further: counts what is settled, decides, and begins or aborts moves. Every step is a transaction of its
 * own that starts from the database, so a process that dies in between loses nothing, and any other goes on.
 */
@ApplicationScoped
public class WaveRunner {
    private static final Logger LOG = Logger.getLogger(WaveRunner.class);
    /** Moves begun side by side; each is one short transaction. */
    private static final int BEGINNING = 8;

    private final Pool pool;
    private final Clock clock;
    private final WaveStore waves;
    private final WaveSelection selection;
    private final Members members;
    private final WaveJournal journal;
    private final MovePlanner planner;
    private final MoveStore moves;
    private final MoveCoordinator coordinator;
    private final WaveRollback rollbacks;

    @Inject
    public WaveRunner(
            Pool pool,
            Clock clock,
            WaveStore waves,
            WaveSelection selection,
            Members members,
            WaveJournal journal,
            MovePlanner planner,
            MoveStore moves,
            MoveCoordinator coordinator,
            WaveRollback rollbacks) {
        this.pool = pool;
        this.clock = clock;
        this.waves = waves;
        this.selection = selection;
        this.members = members;
        this.journal = journal;
        this.planner = planner;
        this.moves = moves;
        this.coordinator = coordinator;
        this.rollbacks = rollbacks;
    }

    /** What one look decided. */
    record Look(Wave wave, long room) {}

    /** One look at the wave, if no other process is at it. */
    public Uni<Void> advance(UUID id) {
        return waves.lease(id)
                .flatMap(held -> held ? look(id) : Uni.createFrom().voidItem());
    }

    /** The same without a lease. */
    Uni<Void> look(UUID id) {
        return transaction(connection ->
                        waves.lock(connection, id).flatMap(wave -> decide(connection, wave.orElseThrow())))
                .flatMap(this::act);
    }

    private Uni<Look> decide(SqlConnection connection, Wave wave) {
        var now = clock.instant();
        if (wave.state() == WaveState.SELECTING) {
            return select(connection, wave).map(next -> new Look(next, 0));
        }
        return members.collect(connection, wave, now)
                .map(failed -> failed == 0 || wave.state().backwards() ? wave : wave.failed(failed))
                .flatMap(counted -> members.strain(connection, wave).map(strain -> adjusted(counted, strain, now)))
                .flatMap(adjusted -> members.refusal(connection, wave.id())
                        .flatMap(refusal -> members.left(connection, adjusted).flatMap(accounts -> {
                            var next = WaveRules.next(adjusted, accounts, refusal, now)
                                    .orElse(adjusted);
                            var room = WaveRules.room(next, accounts, now);
                            return enter(connection, wave, next).map(entered -> new Look(entered, room));
                        })));
    }

    /** An operator who wonders why a wave is slow finds the reason in the log. */
    private static Wave adjusted(Wave wave, Strain strain, Instant now) {
        var next = WaveRules.adjusted(wave, strain, now);
        if (next.concurrency() < wave.concurrency()) {
            LOG.infof("fewer moves at a time wave=%s count=%d reason=%s", wave.id(), next.concurrency(), strain.said());
        }
        return next;
    }

    private Uni<Wave> select(SqlConnection connection, Wave wave) {
        return selection.add(connection, wave).flatMap(last -> {
            var selected = wave.selectedUpTo(last);
            return enter(
                    connection, wave, last == null ? selected.to(WaveState.RUNNING, null, clock.instant()) : selected);
        });
    }

    private Uni<Wave> enter(SqlConnection connection, Wave before, Wave after) {
        if (before.equals(after)) {
            return Uni.createFrom().item(after);
        }
        return waves.update(connection, after)
                .chain(() -> before.state() == after.state()
                        ? Uni.createFrom().voidItem()
                        : journal.entered(connection, after))
                .replaceWith(after);
    }

    private Uni<Void> act(Look look) {
        var wave = look.wave();
        return switch (wave.state()) {
            case RUNNING -> begin(wave, look.room());
            case CANCELLING -> abortAll(wave, "the cancelled wave");
            case ROLLING_BACK ->
                abortAll(wave, "the rollback of the wave").chain(() -> rollbacks.goOn(wave, look.room()));
            case SELECTING, PAUSED, HALTED, CANCELLED, DONE, ROLLBACK_PAUSED, ROLLBACK_HALTED, ROLLED_BACK ->
                Uni.createFrom().voidItem();
        };
    }

    private Uni<Void> begin(Wave wave, long room) {
        if (room == 0) {
            return Uni.createFrom().voidItem();
        }
        return members.waiting(wave.id(), room, clock.instant())
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUni(account -> begin(wave, account).replaceWith(account))
                .merge(BEGINNING)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** The account's move and the wave's note of it are one transaction. */
    private Uni<Void> begin(Wave wave, AccountId account) {
        return coordination(connection -> members.take(connection, wave.id(), account, clock.instant())
                        .flatMap(taken -> taken
                                ? begin(connection, wave, account)
                                : Uni.createFrom().item(List.of())))
                .onFailure(ProblemException.class)
                .recoverWithUni(problem -> turnedDown(wave, account, (ProblemException) problem))
                .onFailure()
                .recoverWithUni(failure -> stumbled(wave, account, failure));
    }

    /** One account that cannot be begun holds up no other, and is seen. */
    Uni<Void> stumbled(Wave wave, AccountId account, Throwable failure) {
        LOG.warnf("move not begun account=%s wave=%s reason=%s", account, wave.id(), failure);
        return pool.withTransaction(connection -> waves.lock(connection, wave.id())
                .flatMap(row -> members.stumbled(connection, wave, account, failure.toString(), clock.instant())
                        .flatMap(failed -> failed
                                ? waves.update(connection, row.orElseThrow().failed(1))
                                : Uni.createFrom().voidItem())));
    }

    private Uni<List<Move>> begin(SqlConnection connection, Wave wave, AccountId account) {
        var begun = new AtomicReference<Move>();
        return planner.begin(connection, account, wave.spec().target(), "wave", begun)
                .call(steps -> members.moving(
                        connection, wave.id(), account, begun.get().id()));
    }

    private Uni<Void> turnedDown(Wave wave, AccountId account, ProblemException problem) {
        var state = problem.code() == ErrorCode.NO_TRANSFER_BASIS ? MemberState.REFUSED : MemberState.SKIPPED;
        return members.turnDown(wave.id(), account, state, problem.problem().detail(), clock.instant());
    }

    private Uni<Void> abortAll(Wave wave, String by) {
        return members.moves(wave.id())
                .onItem()
                .transformToMulti(ids -> Multi.createFrom().iterable(ids))
                .onItem()
                .transformToUniAndConcatenate(id -> abort(id, by))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** What can no longer be aborted goes on to its end. */
    private Uni<Void> abort(UUID id, String by) {
        return moves.find(id)
                .flatMap(move -> move.filter(m -> m.state().mayAbort()).isEmpty()
                        ? Uni.createFrom().voidItem()
                        : planner.abort(move.get(), by))
                .onFailure(ProblemException.class)
                .invoke(f -> LOG.debugf("move went past the point of abort move=%s", id))
                .onFailure(ProblemException.class)
                .recoverWithNull();
    }

    /** A transaction of the wave; a test lets it fail before its commit. */
    Uni<Look> transaction(java.util.function.Function<SqlConnection, Uni<Look>> work) {
        return pool.withTransaction(work);
    }

    /** A transaction of a move; the same. */
    Uni<Void> coordination(java.util.function.Function<SqlConnection, Uni<List<Move>>> work) {
        return coordinator.transaction(work);
    }
}
