package org.domicile.account.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.TableRecordClass;

/** The consent ledger: its rows go only in a transaction that names whose ledger ends. */
final class LedgerRecords extends TableRecordClass {
    LedgerRecords(Pool pool) {
        super(pool, "consents", "consent", List.of("sequence"), List.of());
    }

    @Override
    public Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        return ends(connection, account).chain(() -> super.remove(connection, account, keys));
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return pool().withTransaction(connection -> ends(connection, account)
                .chain(() -> connection
                        .preparedQuery("delete from consent where account_id = $1")
                        .execute(Tuple.of(account.value())))
                .replaceWithVoid());
    }

    private static Uni<Void> ends(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select set_config('domicile.ledger_ends', $1, true)")
                .execute(Tuple.of(account.toString()))
                .replaceWithVoid();
    }
}
