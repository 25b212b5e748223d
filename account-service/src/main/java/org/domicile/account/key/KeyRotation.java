package org.domicile.account.key;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.domicile.platform.crypto.Kms;
import org.jboss.logging.Logger;

/**
 * Wraps data keys again after the region's key was rotated, while the service goes on: old and new keys open until every data key is
 * under the new one. {@code domicile_keys_under_old_key} says how many are not; at 0 the old key may be destroyed. A data key that
 * cannot be unwrapped is left as it is.
 */
@ApplicationScoped
public class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;

    private final Pool pool;
    private final Kms kms;
    private final AtomicLong old;

    @Inject
    public KeyRotation(Pool pool, Kms kms, MeterRegistry metrics) {
        this.pool = pool;
        this.kms = kms;
        this.old = metrics.gauge("domicile.keys.under.old.key", new AtomicLong());
    }

    @Scheduled(every = "${domicile.kms.rewrap-every:1h}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return rewrap().onFailure()
                .invoke(f -> LOG.warnf("data keys not wrapped again, will try again reason=%s", f.toString()))
                .onFailure()
                .recoverWithItem(0L)
                .replaceWithVoid();
    }

    /** @return how many data keys are still under an older key */
    Uni<Long> rewrap() {
        return from(FIRST, 0).invoke(old::set);
    }

    private Uni<Long> from(UUID after, long left) {
        return pool.preparedQuery(
                        "select account_id, edek from account_key where account_id > $1 order by account_id limit $2")
                .execute(Tuple.of(after, BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList())
                .flatMap(rows -> rows.isEmpty()
                        ? Uni.createFrom().item(left)
                        : rewrap(rows).flatMap(kept -> from(rows.getLast().getUUID("account_id"), left + kept)));
    }

    private Uni<Long> rewrap(List<Row> rows) {
        return Multi.createFrom()
                .iterable(rows)
                .filter(row -> !kms.isCurrent(row.getBuffer("edek").getBytes()))
                .onItem()
                .transformToUniAndConcatenate(this::rewrap)
                .filter(done -> !done)
                .collect()
                .with(java.util.stream.Collectors.counting());
    }

    /** Unless the row was changed meanwhile. @return false if the key could not be unwrapped */
    private Uni<Boolean> rewrap(Row row) {
        var edek = row.getBuffer("edek").getBytes();
        return kms.rewrap(edek)
                .flatMap(wrapped -> pool.preparedQuery(
                                "update account_key set edek = $3 where account_id = $1 and edek = $2")
                        .execute(Tuple.of(row.getUUID("account_id"), Buffer.buffer(edek), Buffer.buffer(wrapped))))
                .replaceWith(true)
                .onFailure()
                .invoke(f -> LOG.errorf(
                        "data key not wrapped again account=%s reason=%s", row.getUUID("account_id"), f.toString()))
                .onFailure()
                .recoverWithItem(false);
    }
}
