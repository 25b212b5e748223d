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
    private static final String LIMITS = "select (w.spec->>'concurrency')::bigint as concurrency,"
            + " (w.spec->'limits'->>'bytesPerSecond')::bigint as bytes,"
            + " (w.spec->'limits'->>'recordsPerSecond')::bigint as records"
            + " from wave_account a join wave w on w.id = a.wave_id where a.account_id = $1 and a.state = 'MOVING'";

    public Uni<Optional<Pace>> of(SqlClient client, AccountId account) {
        return client.preparedQuery(LIMITS).execute(Tuple.of(account.value())).map(rows -> StreamSupport.stream(
                        rows.spliterator(), false)
                .map(row -> pace(row.getLong("concurrency"), row.getLong("bytes"), row.getLong("records")))
                .filter(pace -> pace.bytesPerSecond() != null || pace.recordsPerSecond() != null)
                .findFirst());
    }

    private static Pace pace(long concurrency, Long bytes, Long records) {
        return new Pace(share(records, concurrency), share(bytes, concurrency));
    }

    private static Long share(Long limit, long concurrency) {
        return limit == null ? null : Math.max(1, limit / concurrency);
    }
}
