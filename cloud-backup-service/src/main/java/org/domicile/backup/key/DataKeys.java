package org.domicile.backup.key;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;

/**
 * The data key under which this service encrypts what an account's clients could not: one an account and region, stored wrapped
 * by the region's key. It never leaves its region; deleting it makes what it encrypted unreadable.
 */
@ApplicationScoped
public class DataKeys {
    private final Kms kms;

    @Inject
    public DataKeys(Kms kms) {
        this.kms = kms;
    }

    /** @return empty if the account has none; fails with UNAVAILABLE (503) if the region's key is away */
    public Uni<Optional<DataKey>> find(SqlClient client, AccountId account) {
        return client.preparedQuery("select edek from data_key where account_id = $1")
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : kms.decryptEdek(
                                        rows.iterator().next().getBuffer("edek").getBytes())
                                .map(dek -> Optional.of(new DataKey(dek))));
    }

    /** Makes the key first if there is none. */
    public Uni<DataKey> open(SqlConnection connection, AccountId account) {
        return find(connection, account)
                .flatMap(found -> found.isPresent()
                        ? Uni.createFrom().item(found.get())
                        : make(connection, account)
                                .chain(() -> find(connection, account))
                                .map(Optional::orElseThrow));
    }

    public Uni<Void> delete(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from data_key where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    private Uni<Void> make(SqlConnection connection, AccountId account) {
        return kms.generateDekPair().flatMap(pair -> connection
                .preparedQuery("insert into data_key (account_id, edek) values ($1, $2) on conflict do nothing")
                .execute(Tuple.of(account.value(), Buffer.buffer(pair.edek())))
                .replaceWithVoid());
    }
}
