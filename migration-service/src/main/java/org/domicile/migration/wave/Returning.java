package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.migration.move.RollbackAnswer;
import org.domicile.migration.move.RollbackOrder;
import org.domicile.migration.move.RollbackOutcome;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.account.TimeOrderedId;

/** The accounts of a wave that go back. */
@ApplicationScoped
public class Returning {
    private static final String NOTE = "update wave_account set state = $4, reason = $5, ended_at = $6"
            + " where wave_id = $1 and account_id = $2 and rollback_id = $3 and state = 'ROLLING_BACK' returning state";

    private final Pool pool;
    private final WavePace paces;

    @Inject
    public Returning(Pool pool, WavePace paces) {
        this.pool = pool;
        this.paces = paces;
    }

    /** Takes the next accounts of a wave that is being rolled back, and gives each rollback its id. */
    Uni<Void> begin(SqlConnection connection, UUID wave, long room) {
        return connection
                .preparedQuery("select account_id from wave_account where wave_id = $1 and state = 'MOVED'"
                        + " and exists (select from wave where id = $1 and state = 'ROLLING_BACK' for share)"
                        + " order by account_id limit $2")
                .execute(Tuple.of(wave, room))
                .flatMap(rows -> {
                    var batch = StreamSupport.stream(rows.spliterator(), false)
                            .map(row -> Tuple.of(wave, row.getUUID("account_id"), TimeOrderedId.next()))
                            .toList();
                    return batch.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : connection
                                    .preparedQuery("update wave_account set state = 'ROLLING_BACK', rollback_id = $3,"
                                            + " reason = null, ended_at = null"
                                            + " where wave_id = $1 and account_id = $2 and state = 'MOVED'")
                                    .executeBatch(batch)
                                    .replaceWithVoid();
                });
    }

    /** Home → what it is to be asked for. */
    Uni<Map<String, List<RollbackOrder>>> underWay(Wave wave) {
        var pace = paces.of(wave.spec()).orElse(null);
        return pool.preparedQuery(
                        "select a.account_id, a.move_id, a.rollback_id, m.target from wave_account a join move m on"
                                + " m.id = a.move_id where a.wave_id = $1 and a.state = 'ROLLING_BACK' order by"
                                + " a.account_id")
                .execute(Tuple.of(wave.id()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.groupingBy(
                                row -> row.getString("target"),
                                Collectors.mapping(
                                        row -> new RollbackOrder(
                                                new AccountId(row.getUUID("account_id")),
                                                row.getUUID("move_id"),
                                                row.getUUID("rollback_id"),
                                                pace),
                                        Collectors.toList()))));
    }

    /** Writes down what is over. @return how many rollbacks failed */
    Uni<Integer> note(SqlConnection connection, UUID wave, List<RollbackAnswer> over, Instant now) {
        var rows = over.stream()
                .map(answer -> Tuple.tuple()
                        .addValue(wave)
                        .addValue(answer.accountId().value())
                        .addValue(answer.rollbackId())
                        .addValue(state(answer.outcome()).name())
                        .addValue(answer.reason())
                        .addValue(WaveStore.at(now)))
                .toList();
        return connection.preparedQuery(NOTE).executeBatch(rows).map(first -> {
            var failed = 0;
            for (var result = first; result != null; result = result.next()) {
                for (var row : result) {
                    failed += row.getString("state").equals(MemberState.ROLLBACK_FAILED.name()) ? 1 : 0;
                }
            }
            return failed;
        });
    }

    private static MemberState state(RollbackOutcome outcome) {
        return switch (outcome) {
            case FAILED -> MemberState.ROLLBACK_FAILED;
            case TOO_LATE -> MemberState.STAYED;
            case UNDER_WAY -> throw new IllegalArgumentException("not over");
        };
    }
}
