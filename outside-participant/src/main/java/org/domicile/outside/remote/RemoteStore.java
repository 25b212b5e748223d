package org.domicile.outside.remote;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import org.domicile.platform.account.AccountId;

/** What is kept here of a remote system's accounts. */
final class RemoteStore {
    private final Pool pool;

    RemoteStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> keepClose(AccountId account, long epoch, String jws) {
        return pool.preparedQuery("insert into close_order (account_id, epoch, jws) values ($1, $2, $3)"
                        + " on conflict (account_id) do update set epoch = excluded.epoch, jws = excluded.jws"
                        + " where excluded.epoch > close_order.epoch")
                .execute(Tuple.of(account.value(), epoch, jws))
                .replaceWithVoid();
    }

    Uni<String> close(AccountId account) {
        return pool.preparedQuery("select jws from close_order where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getString("jws"));
    }

    Uni<Void> dropClose(SqlClient client, AccountId account) {
        return client.preparedQuery("delete from close_order where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    /** The counter of the frozen system, which its manifest will name; before the row here changes. */
    Uni<Void> counted(AccountId account, long epoch, long version) {
        return pool.preparedQuery("update fence set version = $3 where account_id = $1 and epoch < $2")
                .execute(Tuple.of(account.value(), epoch, version))
                .replaceWithVoid();
    }
}
