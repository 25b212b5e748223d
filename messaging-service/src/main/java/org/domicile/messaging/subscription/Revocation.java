package org.domicile.messaging.subscription;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.domicile.messaging.receipt.ReceiptStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DevicesChanged;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.jboss.logging.Logger;

/**
 * Deletes what is stored of revoked devices, which nobody can read any more: when the news of it comes, and, if a crash or a move has
 * prevented that, when a look that goes through all devices in turn comes by.
 */
@ApplicationScoped
public class Revocation {
    private static final Logger LOG = Logger.getLogger(Revocation.class);
    private static final int PAGE = 10_000;
    private static final UUID FIRST = new UUID(0, 0);

    private static final String IS_REVOKED =
            "f.mode = 'OWN'" + " and not d.devices @> jsonb_build_array(jsonb_build_object('deviceId', u.device_id))";

    /** SQL: devices that were revoked and of which something is stored: a device's first row is its user agent. */
    public static final String STORED =
            "user_agent u join fence f using (account_id) join device_projection d using (account_id)" + " where "
                    + IS_REVOKED;

    /** $1: the account before. All devices of an account come in one page. */
    private static final String NEXT = "select account_id, coalesce(bool_or(" + IS_REVOKED + "), false) as revoked from"
            + " (select account_id, device_id from user_agent where account_id > $1 order by account_id"
            + " fetch first " + PAGE + " rows with ties) u"
            + " left join fence f using (account_id) left join device_projection d using (account_id)"
            + " group by account_id order by account_id";

    private static final String DELETE =
            "with revoked as (select u.device_id from " + STORED + " and u.account_id = $1),"
                    + " ended as (delete from message e using revoked where e.account_id = $1 and e.device_id = revoked.device_id"
                    + " returning e.message_id)" + deleted("inbox") + deleted("subscription") + deleted("presence")
                    + deleted("user_agent") + ReceiptStore.GIVE_UP;

    private final Pool pool;
    private final Fence fence;
    private volatile UUID before = FIRST;

    @Inject
    public Revocation(Pool pool, Fence fence) {
        this.pool = pool;
        this.fence = fence;
    }

    Revocation() {
        this(null, null);
    }

    void onDevices(@ObservesAsync DevicesChanged changed) {
        pool.preparedQuery("select from " + STORED + " and u.account_id = $1 limit 1")
                .execute(Tuple.of(changed.account().value()))
                .flatMap(rows -> rows.size() == 0 ? Uni.createFrom().voidItem() : purge(changed.account()))
                .subscribe()
                .with(done -> {}, Revocation::later);
    }

    /** The next devices in turn. */
    @Scheduled(every = "${domicile.messaging.revocation-every:60s}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return pool.preparedQuery(NEXT)
                .execute(Tuple.of(before))
                .map(this::revoked)
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(this::purge)
                .collect()
                .last()
                .onFailure()
                .invoke(Revocation::later)
                .onFailure()
                .recoverWithNull();
    }

    /** After the last device it is the first one's turn again. */
    private List<AccountId> revoked(RowSet<Row> page) {
        var last = FIRST;
        var revoked = new ArrayList<AccountId>();
        for (var row : page) {
            last = row.getUUID("account_id");
            if (row.getBoolean("revoked")) {
                revoked.add(new AccountId(last));
            }
        }
        before = last;
        return revoked;
    }

    private Uni<Void> purge(AccountId account) {
        return fence.write(account, this::delete)
                .invoke(() -> LOG.infof("revoked devices purged account=%s", account))
                .onFailure()
                .invoke(Revocation::later)
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> delete(FencedWrite write) {
        return write.connection()
                .preparedQuery(DELETE)
                .execute(Tuple.of(write.account().value(), write.version()))
                .replaceWithVoid();
    }

    private static void later(Throwable failure) {
        LOG.warnf("revoked devices not purged yet reason=%s", failure);
    }

    private static String deleted(String table) {
        return ", of_" + table + " as (delete from " + table + " e using revoked where e.account_id = $1"
                + " and e.device_id = revoked.device_id)";
    }
}
