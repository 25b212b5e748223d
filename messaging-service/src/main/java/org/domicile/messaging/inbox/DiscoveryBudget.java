package org.domicile.messaging.inbox;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * An account may look for so many people a day, by number, address or id, found or not, so that nobody can try them all. Counted in the database:
 * the same for every instance. Only the count is kept, not whom it was.
 */
@ApplicationScoped
public class DiscoveryBudget {
    private static final Logger LOG = Logger.getLogger(DiscoveryBudget.class);
    public static final Duration PERIOD = Duration.ofDays(1);

    private final Fence fence;
    private final Pool pool;
    private final MessagingConfig config;
    private final Clock clock;

    @Inject
    public DiscoveryBudget(Fence fence, Pool pool, MessagingConfig config, Clock clock) {
        this.fence = fence;
        this.pool = pool;
        this.config = config;
        this.clock = clock;
    }

    /** Counts one lookup; fails with TOO_MANY_REQUESTS when the day's are used, and WRONG_REGION away from the account's home. */
    Uni<Void> spend(AccountId account) {
        return fence.write(account, this::count);
    }

    public Uni<Void> purge(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from discovery_budget where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    private Uni<Void> count(FencedWrite write) {
        var now = clock.instant();
        return write.connection()
                .preparedQuery("insert into discovery_budget as b (account_id, since, used, version)"
                        + " values ($1, $2, 1, $3) on conflict (account_id) do update set"
                        + " used = case when b.since <= $4 then 1 else b.used + 1 end,"
                        + " since = case when b.since <= $4 then $2 else b.since end, version = $3"
                        + " returning used, since")
                .execute(Tuple.of(
                        write.account().value(),
                        now.atOffset(ZoneOffset.UTC),
                        write.version(),
                        now.minus(PERIOD).atOffset(ZoneOffset.UTC)))
                .invoke(rows -> {
                    var row = rows.iterator().next();
                    if (row.getInteger("used") > config.discoveriesPerDay()) {
                        throw exhausted(now, row.getOffsetDateTime("since").toInstant());
                    }
                })
                .replaceWithVoid();
    }

    /** A count that is over says nothing more. */
    @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> forget() {
        return pool.preparedQuery("delete from discovery_budget where since <= $1")
                .execute(Tuple.of(clock.instant().minus(PERIOD).atOffset(ZoneOffset.UTC)))
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf("discovery budgets not purged, will retry reason=%s", failure))
                .onFailure()
                .recoverWithNull();
    }

    private static ProblemException exhausted(Instant now, Instant since) {
        return new ProblemException(
                ErrorCode.TOO_MANY_REQUESTS,
                "You have looked for as many people today as you may: try again tomorrow.",
                Map.of(
                        "retryAfter",
                        Math.max(1, Duration.between(now, since.plus(PERIOD)).toSeconds())));
    }
}
