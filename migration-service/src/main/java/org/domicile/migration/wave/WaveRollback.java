package org.domicile.migration.wave;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.domicile.migration.move.RollbackAnswer;
import org.domicile.migration.move.RollbackOrder;
import org.jboss.logging.Logger;

/**
 * Brings the accounts of a wave back. An account that has moved is its new home's business, so the new home is asked, again and
 * again: the rollback's id, written down here before the first question, makes the second one harmless. An account is back when the
 * baton of its rollback has come; anything else, the answers say.
 */
@ApplicationScoped
public class WaveRollback {
    private static final Logger LOG = Logger.getLogger(WaveRollback.class);
    /** Accounts in one question. */
    private static final int BATCH = 200;

    private final Pool pool;
    private final Clock clock;
    private final WaveStore waves;
    private final Returning returning;
    private final RollbackClient homes;

    @Inject
    public WaveRollback(Pool pool, Clock clock, WaveStore waves, Returning returning, RollbackClient homes) {
        this.pool = pool;
        this.clock = clock;
        this.waves = waves;
        this.returning = returning;
        this.homes = homes;
    }

    /** @param room how many more may begin */
    Uni<Void> goOn(Wave wave, long room) {
        var begun = room == 0
                ? Uni.createFrom().voidItem()
                : transaction(connection -> returning.begin(connection, wave.id(), room));
        return begun.chain(() -> returning.underWay(wave)).flatMap(orders -> Multi.createFrom()
                .iterable(orders.entrySet())
                .onItem()
                .transformToUniAndConcatenate(entry ->
                        ask(wave.id(), entry.getKey(), entry.getValue()).replaceWith(entry))
                .collect()
                .last()
                .replaceWithVoid());
    }

    private Uni<Void> ask(UUID wave, String home, List<RollbackOrder> orders) {
        return Multi.createFrom()
                .iterable(orders)
                .group()
                .intoLists()
                .of(BATCH)
                .onItem()
                .transformToUniAndConcatenate(batch -> homes.ask(home, batch)
                        .flatMap(answers -> note(wave, answers).replaceWith(home)))
                .collect()
                .last()
                .replaceWithVoid()
                .onFailure(RollbackClient.Unanswered.class)
                .invoke(failure ->
                        LOG.warnf("a home did not answer, will ask again region=%s reason=%s", home, failure))
                .onFailure(RollbackClient.Unanswered.class)
                .recoverWithNull();
    }

    private Uni<Void> note(UUID wave, List<RollbackAnswer> answers) {
        var over = answers.stream().filter(answer -> answer.outcome().over()).collect(Collectors.toList());
        return over.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction(connection -> waves.lock(connection, wave).flatMap(row -> returning
                        .note(connection, wave, over, clock.instant())
                        .flatMap(failed ->
                                waves.update(connection, row.orElseThrow().failed(failed)))));
    }

    /** A test lets it fail before its commit. */
    Uni<Void> transaction(Function<SqlConnection, Uni<Void>> work) {
        return pool.withTransaction(work);
    }
}
