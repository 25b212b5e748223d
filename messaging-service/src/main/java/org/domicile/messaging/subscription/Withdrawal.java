package org.domicile.messaging.subscription;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.domicile.platform.law.Policies;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/** Deletes everything of accounts whose owners switched messaging off longer ago than the grace of the region's markets. */
@ApplicationScoped
public class Withdrawal {
    private static final Logger LOG = Logger.getLogger(Withdrawal.class);
    private static final int BATCH = 100;

    /** SQL: when the owner switched messaging off. */
    public static final String AT = "(c.features #>> '{messaging,at}')::timestamptz";

    /** SQL: accounts at home here that have switched it off and of which something is stored. */
    public static final String STORED = "consent_projection c join fence f using (account_id) where f.mode = 'OWN'"
            + " and not coalesce((c.features #>> '{messaging,granted}')::boolean, false)"
            + " and c.features #>> '{messaging,at}' is not null"
            + " and exists (select from user_agent u where u.account_id = c.account_id)";

    /** SQL: those of them that did so before a time ($1), so many ($2), in the order of the index that finds them. */
    public static final String OVER = "select account_id from " + STORED + " and " + AT
            + " <= $1 order by c.features #>> '{messaging,at}' limit $2";

    private final Pool pool;
    private final Fence fence;
    private final Duration grace;
    private final Clock clock;

    @Inject
    public Withdrawal(Pool pool, Fence fence, Policies policies, ServiceIdentity identity, Clock clock) {
        this.pool = pool;
        this.fence = fence;
        this.grace = policies.strictestIn(identity.region()).messagesGrace();
        this.clock = clock;
    }

    public Duration grace() {
        return grace;
    }

    @Scheduled(every = "${domicile.messaging.withdrawal-every:60s}", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> purge() {
        return withdrawn()
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(account ->
                        fence.write(account, this::deleteAll).invoke(() -> LOG.infof("withdrawn account=%s", account)))
                .collect()
                .last()
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf("withdrawn accounts not purged, will retry reason=%s", failure))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<List<AccountId>> withdrawn() {
        return pool.preparedQuery(OVER)
                .execute(Tuple.of(clock.instant().minus(grace).atOffset(ZoneOffset.UTC), BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    /** Unless the owner has switched it on again meanwhile. The user agents, by which it is found, go last. */
    private Uni<Void> deleteAll(FencedWrite write) {
        return Multi.createFrom()
                .items("message", "receipt", "presence", "inbox", "subscription", "user_agent")
                .onItem()
                .transformToUniAndConcatenate(table -> write.connection()
                        .preparedQuery("delete from " + table + " where account_id = $1 and not exists (select"
                                + " from consent_projection c where c.account_id = $1"
                                + " and (c.features #>> '{messaging,granted}')::boolean)")
                        .execute(Tuple.of(write.account().value())))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
