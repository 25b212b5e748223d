package org.domicile.platform.crypto;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Wraps a service's data keys again after the region's key was rotated, while the service goes on: old and new keys open until every data
 * key is under the new one. A data key that cannot be unwrapped is left as it is.
 */
public final class KeyRewrap {
    private static final Logger LOG = Logger.getLogger(KeyRewrap.class);
    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;

    private final Pool pool;
    private final Kms kms;
    private final String table;

    /** @param table of the service, with the columns {@code account_id} (its key) and {@code edek} */
    public KeyRewrap(Pool pool, Kms kms, String table) {
        this.pool = pool;
        this.kms = kms;
        this.table = table;
    }

    /** @return how many data keys are still under an older key */
    public Uni<Long> run() {
        return from(FIRST, 0);
    }

    private Uni<Long> from(UUID after, long left) {
        return pool.preparedQuery(
                        "select account_id, edek from " + table + " where account_id > $1 order by account_id limit $2")
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
                .with(Collectors.counting());
    }

    /** Unless the row was changed meanwhile. @return false if the key could not be unwrapped */
    private Uni<Boolean> rewrap(Row row) {
        var edek = row.getBuffer("edek").getBytes();
        return kms.rewrap(edek)
                .flatMap(wrapped -> pool.preparedQuery(
                                "update " + table + " set edek = $3 where account_id = $1 and edek = $2")
                        .execute(Tuple.of(row.getUUID("account_id"), Buffer.buffer(edek), Buffer.buffer(wrapped))))
                .replaceWith(true)
                .onFailure()
                .invoke(f -> LOG.errorf(
                        "data key not wrapped again account=%s reason=%s", row.getUUID("account_id"), f.toString()))
                .onFailure()
                .recoverWithItem(false);
    }
}
