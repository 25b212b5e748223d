package org.domicile.account.limit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * So many an hour of each key, however many instances there are: counted in the database, in one statement, the same whatever it finds. A
 * key is kept as a hash under the region's index key.
 */
@ApplicationScoped
public class SharedBudgets {
    public static final Duration PERIOD = Duration.ofHours(1);

    private final Pool pool;
    private final Kms kms;
    private final Clock clock;

    @Inject
    public SharedBudgets(Pool pool, Kms kms, Clock clock) {
        this.pool = pool;
        this.kms = kms;
        this.clock = clock;
    }

    /**
     * Counts one.
     *
     * @param key what for, and whose
     * @param refusal what a caller is told, without when to come again
     * @return fails with TOO_MANY_REQUESTS (429) when the hour's are used
     */
    public Uni<Void> take(String key, int perHour, String refusal) {
        var now = clock.instant();
        return kms.indexMac(key.getBytes(UTF_8))
                .flatMap(mac -> pool.preparedQuery("insert into code_budget as b (mac, since, used) values ($1, $2, 1)"
                                + " on conflict (mac) do update set"
                                + " used = case when b.since <= $3 then 1 else b.used + 1 end,"
                                + " since = case when b.since <= $3 then $2 else b.since end returning used, since")
                        .execute(Tuple.of(
                                Buffer.buffer(mac),
                                now.atOffset(ZoneOffset.UTC),
                                now.minus(PERIOD).atOffset(ZoneOffset.UTC))))
                .map(rows -> rows.iterator().next())
                .invoke(row -> {
                    if (row.getInteger("used") > perHour) {
                        throw exhausted(
                                refusal, now, row.getOffsetDateTime("since").toInstant());
                    }
                })
                .replaceWithVoid();
    }

    private static ProblemException exhausted(String refusal, Instant now, Instant since) {
        var wait = Math.max(1, Duration.between(now, since.plus(PERIOD)).toSeconds());
        return new ProblemException(
                ErrorCode.TOO_MANY_REQUESTS,
                refusal + ": try again in " + wait + " seconds.",
                Map.of("retryAfter", wait));
    }
}
