package org.domicile.account.key;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** The data key of each account, stored wrapped by the region's key. A key never leaves its region. */
@ApplicationScoped
public class AccountKeys {
    private final Kms kms;

    @Inject
    public AccountKeys(Kms kms) {
        this.kms = kms;
    }

    /** @return fails with GONE (410) if the account's key was deleted, UNAVAILABLE (503) if the region's key is away */
    public Uni<FieldCipher> open(SqlClient client, AccountId account) {
        return wrapped(client, account).flatMap(edek -> {
            if (edek == null) {
                return Uni.createFrom()
                        .failure(new ProblemException(
                                ErrorCode.GONE, "The account's key has been deleted: its data cannot be read again."));
            }
            return kms.decryptEdek(edek).map(FieldCipher::new);
        });
    }

    /** As {@link #open}; makes the key first if there is none. */
    public Uni<FieldCipher> openOrMake(SqlConnection connection, AccountId account) {
        return wrapped(connection, account)
                .flatMap(edek -> edek == null
                        ? make(connection, account)
                        : Uni.createFrom().voidItem())
                .flatMap(v -> open(connection, account));
    }

    public Uni<Void> delete(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from account_key where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    private Uni<Void> make(SqlConnection connection, AccountId account) {
        return kms.generateDekPair().flatMap(pair -> connection
                .preparedQuery("insert into account_key (account_id, edek) values ($1, $2) on conflict do nothing")
                .execute(Tuple.of(account.value(), Buffer.buffer(pair.edek())))
                .replaceWithVoid());
    }

    private static Uni<byte[]> wrapped(SqlClient client, AccountId account) {
        return client.preparedQuery("select edek from account_key where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? null
                        : rows.iterator().next().getBuffer("edek").getBytes());
    }
}
