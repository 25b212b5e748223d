package org.domicile.account.retention;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.jboss.logging.Logger;

/** The purge of a table that moves with its account: rows go behind the fence, account by account, and none while a move has them frozen. */
@ApplicationScoped
public class FencedPurge {
    private static final Logger LOG = Logger.getLogger(FencedPurge.class);
    private static final int BATCH = 100;

    private final Pool pool;
    private final Fence fence;

    @Inject
    public FencedPurge(Pool pool, Fence fence) {
        this.pool = pool;
        this.fence = fence;
    }

    /** @param due SQL: when a row is to go @return how many went, of a batch of accounts */
    Uni<Long> delete(String table, String due, Instant now) {
        var before = now.atOffset(ZoneOffset.UTC);
        return pool.preparedQuery("select distinct account_id from (select account_id, " + due + " as due from " + table
                        + ") t join fence f using (account_id) where due <= $1 and f.mode = 'OWN' limit " + BATCH)
                .execute(Tuple.of(before))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList())
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(account -> delete(account, table, due, before))
                .collect()
                .with(Collectors.summingLong(n -> n));
    }

    /** One that has been frozen since must not keep the others waiting. */
    private Uni<Long> delete(AccountId account, String table, String due, OffsetDateTime before) {
        return fence.write(account, write -> write.connection()
                        .preparedQuery("delete from " + table + " where account_id = $1 and " + due + " <= $2")
                        .execute(Tuple.of(account.value(), before))
                        .map(rows -> (long) rows.rowCount()))
                .onFailure()
                .invoke(f -> LOG.infof("retention waits for a move account=%s kind=%s reason=%s", account, table, f))
                .onFailure()
                .recoverWithItem(0L);
    }
}
