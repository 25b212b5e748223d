package org.domicile.platform.key;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.reactive.datasource.ReactiveDataSource;
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
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/**
 * Wraps data keys again after the region's key was rotated, while the service goes on: old and new keys open until every data key is
 * under the new one. {@code domicile_keys_under_old_key} says how many are not yet; at 0 the old key may be destroyed. A data key that
 * cannot be unwrapped is left as it is.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.keys.enabled", stringValue = "true")
public class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;

    private final Pool pool;
    private final Kms kms;
    private final Look look;
    private final Look.Finding old;

    @Inject
    public KeyRotation(@ReactiveDataSource("keys") Pool pool, Kms kms, KeysConfig config, Looks looks) {
        this.pool = pool;
        this.kms = kms;
        this.look = looks.of("keys", config.every());
        this.old = look.finding(
                "domicile.keys.under.old.key", null, "Data keys that are still wrapped by an older key of the region");
    }

    /** @return how many data keys are still under an older key */
    public Uni<Long> rewrap() {
        return kms.currentKey().flatMap(current -> from(current, FIRST, 0)).invoke(this::found);
    }

    private void found(long left) {
        old.set(left);
        look.succeeded();
    }

    private Uni<Long> from(String current, UUID after, long left) {
        return pool.preparedQuery("select account_id, edek from wrapped_key where account_id > $1"
                        + " order by account_id limit $2")
                .execute(Tuple.of(after, BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList())
                .flatMap(rows -> rows.isEmpty()
                        ? Uni.createFrom().item(left)
                        : rewrap(current, rows)
                                .flatMap(kept -> from(current, rows.getLast().getUUID("account_id"), left + kept)));
    }

    private Uni<Long> rewrap(String current, List<Row> rows) {
        return Multi.createFrom()
                .iterable(rows)
                .filter(row -> !WrappedKey.parse(edek(row)).key().equals(current))
                .onItem()
                .transformToUniAndConcatenate(this::rewrap)
                .filter(done -> !done)
                .collect()
                .with(Collectors.counting());
    }

    /** Unless the row was changed meanwhile. @return false if the key could not be unwrapped */
    private Uni<Boolean> rewrap(Row row) {
        var account = row.getUUID("account_id");
        return kms.rewrap(edek(row))
                .flatMap(wrapped -> pool.preparedQuery(
                                "update wrapped_key set edek = $3 where account_id = $1 and edek = $2")
                        .execute(Tuple.of(account, Buffer.buffer(edek(row)), Buffer.buffer(wrapped))))
                .replaceWith(true)
                .onFailure()
                .invoke(f -> LOG.errorf("data key not wrapped again account=%s reason=%s", account, f.toString()))
                .onFailure()
                .recoverWithItem(false);
    }

    private static byte[] edek(Row row) {
        return row.getBuffer("edek").getBytes();
    }
}
