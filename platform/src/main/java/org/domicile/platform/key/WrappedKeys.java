package org.domicile.platform.key;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;

/**
 * The data keys of accounts, wrapped by the region's key, in a database apart from what they encrypt: a copy of the service's own database
 * holds none, and deleting a key makes every such copy unreadable. Every method is a commit of its own, whatever transaction the
 * caller has open in the service's database: a key is there before the first row that needs it, and one whose row never came is an
 * orphan, which {@link KeySweep} finds.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.keys.enabled", stringValue = "true")
public class WrappedKeys {
    /** How a store is named in the evidence of a purge. */
    public static final String PLACE = "key-store";

    /** {@code used_at} is right to ten minutes: not every write of an account costs one here. */
    private static final String FIND =
            "select edek, used_at < clock_timestamp() - interval '10 minutes' as old from wrapped_key where account_id"
                    + " = $1";

    private final Pool pool;
    private final Kms kms;

    @Inject
    public WrappedKeys(@ReactiveDataSource("keys") Pool pool, Kms kms) {
        this.pool = pool;
        this.kms = kms;
    }

    WrappedKeys() {
        this.pool = null;
        this.kms = null;
    }

    /** The account's data key in clear, for reading; empty if there is none, or none any more. */
    public Uni<Optional<byte[]>> find(AccountId account) {
        return execute(FIND, account)
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : kms.decryptEdek(edek(rows)).map(Optional::of));
    }

    /** The account's data key in clear, for a row that is about to be written; made if there is none. */
    public Uni<byte[]> open(AccountId account) {
        return execute(FIND, account).flatMap(rows -> {
            if (rows.size() == 0) {
                return make(account);
            }
            return rows.iterator().next().getBoolean("old") ? use(account) : kms.decryptEdek(edek(rows));
        });
    }

    /** Shreds: nothing that was encrypted under the key can be read again, wherever a copy of it is. Repeatable. */
    public Uni<Void> delete(AccountId account) {
        return execute("delete from wrapped_key where account_id = $1", account).replaceWithVoid();
    }

    /** Looks whether there is a key. */
    public Uni<Long> count(AccountId account) {
        return execute("select count(*) from wrapped_key where account_id = $1", account)
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Keeps the key from the sweep, which may have been there first. */
    private Uni<byte[]> use(AccountId account) {
        return execute(
                        "update wrapped_key set used_at = clock_timestamp() where account_id = $1 returning edek",
                        account)
                .flatMap(rows -> rows.size() == 0 ? make(account) : kms.decryptEdek(edek(rows)));
    }

    /** Of two that make one at once, the first one's key is taken by both. */
    private Uni<byte[]> make(AccountId account) {
        return kms.generateDekPair()
                .flatMap(pair -> pool.preparedQuery(
                                "insert into wrapped_key (account_id, edek) values ($1, $2) on conflict do nothing")
                        .execute(Tuple.of(account.value(), Buffer.buffer(pair.edek()))))
                .flatMap(made -> open(account));
    }

    private Uni<RowSet<Row>> execute(String sql, AccountId account) {
        return pool.preparedQuery(sql).execute(Tuple.of(account.value()));
    }

    private static byte[] edek(RowSet<Row> rows) {
        return rows.iterator().next().getBuffer("edek").getBytes();
    }
}
