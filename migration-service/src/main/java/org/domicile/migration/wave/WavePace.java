package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.stream.StreamSupport;
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
            + " union all select 1, m.bytes_per_second, m.records_per_second from move m where m.account_id = $1"
            + " and not m.settled and m.rollback_of is not null";

    /** Of the move or the rollback of this account that is under way. */
    public Uni<Optional<Pace>> of(SqlClient client, AccountId account) {
        return client.preparedQuery(PACES).execute(Tuple.of(account.value())).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .flatMap(row -> pace(row.getLong("concurrency"), row.getLong("bytes"), row.getLong("records")).stream())
                .findFirst());
    }

    /** The same of a wave that is here. */
    static Optional<Pace> of(WaveSpec spec) {
        return pace(
                spec.concurrency(),
                spec.limits().bytesPerSecond(),
                spec.limits().recordsPerSecond());
    }

    private static Optional<Pace> pace(long concurrency, Long bytes, Long records) {
        return bytes == null && records == null
                ? Optional.empty()
                : Optional.of(new Pace(share(records, concurrency), share(bytes, concurrency)));
    }

    private static Long share(Long limit, long concurrency) {
        return limit == null ? null : Math.max(1, limit / concurrency);
    }
}
