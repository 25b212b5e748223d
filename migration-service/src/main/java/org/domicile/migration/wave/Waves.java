package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Takes an operator's orders, by HTTP or by {@code migration.jobs}; all are safe to repeat. */
@ApplicationScoped
public class Waves {
    private final Pool pool;
    private final Clock clock;
    private final WaveStore waves;
    private final Members members;
    private final WaveJournal journal;
    private final Forecaster forecaster;

    @Inject
    public Waves(Pool pool, Clock clock, WaveStore waves, Members members, WaveJournal journal, Forecaster forecaster) {
        this.pool = pool;
        this.clock = clock;
        this.waves = waves;
        this.members = members;
        this.journal = journal;
        this.forecaster = forecaster;
    }

    /**
     * @param id the caller's choice: the same again is the same wave
     * @return fails with INVALID_REQUEST, WRONG_REGION, NO_TRANSFER_BASIS with every class of data and market that lacks one, or
     *     CONFLICT if the wave exists with another content
     */
    public Uni<Wave> create(UUID id, WaveSpec spec, String requestedBy) {
        return waves.find(id)
                .flatMap(known -> known.isPresent()
                        ? Uni.createFrom().item(() -> same(known.get(), spec))
                        : forecaster
                                .forecast(spec.checked())
                                .invoke(WaveForecast::requireAllowed)
                                .flatMap(allowed -> insert(Wave.ordered(id, spec, requestedBy, clock.instant()))));
    }

    /** Does what the operator orders. @return fails with NOT_FOUND, or CONFLICT if the state does not allow it */
    public Uni<Wave> order(UUID id, WaveOrder order) {
        return pool.withTransaction(connection -> find(connection, id).flatMap(wave -> {
            var next = order.from(wave);
            if (next == wave.state()) {
                return Uni.createFrom().item(wave);
            }
            if (!wave.state().next().contains(next)) {
                throw new ProblemException(
                        ErrorCode.CONFLICT,
                        "A wave in " + wave.state() + " cannot be told to " + order.id() + ".",
                        Map.of("state", wave.state().name()));
            }
            var ordered = wave.to(next, null, clock.instant());
            return waves.update(connection, ordered)
                    .chain(() -> accounts(connection, order, ordered))
                    .chain(() -> journal.entered(connection, ordered))
                    .replaceWith(ordered);
        }));
    }

    private Uni<Void> accounts(SqlConnection connection, WaveOrder order, Wave ordered) {
        return switch (order) {
            case RESUME ->
                ordered.state().backwards()
                        ? members.requeueFailedRollbacks(connection, ordered.id())
                        : members.requeueRefused(connection, ordered.id());
            case ROLLBACK -> members.skipWaiting(connection, ordered.id(), clock.instant());
            case PAUSE, CANCEL -> Uni.createFrom().voidItem();
        };
    }

    private Uni<Wave> find(SqlConnection connection, UUID id) {
        return waves.lock(connection, id)
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such wave here.")));
    }

    private Uni<Wave> insert(Wave wave) {
        return pool.withTransaction(connection -> waves.insert(connection, wave)
                .flatMap(made -> made
                        ? journal.entered(connection, wave).replaceWith(wave)
                        : find(connection, wave.id()).map(known -> same(known, wave.spec()))));
    }

    private static Wave same(Wave known, WaveSpec spec) {
        if (!known.spec().equals(spec)) {
            throw new ProblemException(ErrorCode.CONFLICT, "There is another wave with this id.");
        }
        return known;
    }
}
