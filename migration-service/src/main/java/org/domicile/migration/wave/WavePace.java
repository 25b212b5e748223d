package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Pace;

/** The share of a wave's byte and record limits that one participant of one account gets, so that all together keep them. */
@ApplicationScoped
public class WavePace {
    private static final String PACES = "select (w.spec->>'concurrency')::bigint as concurrency,"
            + " (w.spec->'limits'->>'bytesPerSecond')::bigint as bytes,"
            + " (w.spec->'limits'->>'recordsPerSecond')::bigint as records"
            + " from wave_account a join wave w on w.id = a.wave_id where a.account_id = $1 and a.state = 'MOVING'"
            // the wave is another region's, which gave each its share
            + " union all select null, m.bytes_per_second, m.records_per_second from move m where m.account_id = $1"
            + " and not m.settled and m.rollback_of is not null";

    private final int participants;

    @Inject
    public WavePace(MigrationConfig config) {
        this.participants = config.participants().size();
    }

    /** Of the move or the rollback of this account that is under way. */
    public Uni<Optional<Pace>> of(SqlClient client, AccountId account) {
        return client.preparedQuery(PACES).execute(Tuple.of(account.value())).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .flatMap(row -> pace(row.getLong("concurrency"), row.getLong("bytes"), row.getLong("records")).stream())
                .findFirst());
    }

    /** The same of a wave that is here. */
    Optional<Pace> of(WaveSpec spec) {
        return pace(
                (long) spec.concurrency(),
                spec.limits().bytesPerSecond(),
                spec.limits().recordsPerSecond());
    }

    /** @param concurrency the most moves at a time that the wave may come to; null: the limits are a share already */
    private Optional<Pace> pace(Long concurrency, Long bytes, Long records) {
        var shares = concurrency == null ? 1 : concurrency * participants;
        return bytes == null && records == null
                ? Optional.empty()
                : Optional.of(new Pace(share(records, shares), share(bytes, shares)));
    }

    private static Long share(Long limit, long shares) {
        return limit == null ? null : Math.max(1, limit / shares);
    }
}
