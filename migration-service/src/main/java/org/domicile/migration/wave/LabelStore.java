package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/** Names that an operator gives to sets of accounts that live here. */
@ApplicationScoped
public class LabelStore {
    private final Pool pool;

    @Inject
    public LabelStore(Pool pool) {
        this.pool = pool;
    }

    /** Adds those that live here. @return how many carry the label now */
    public Uni<Long> add(String label, List<AccountId> accounts) {
        var ids = accounts.stream().map(AccountId::value).toArray(UUID[]::new);
        return pool.preparedQuery("insert into account_label (account_id, label) select account_id, $1 from directory"
                        + " where account_id = any($2) on conflict do nothing")
                .execute(Tuple.of(label, ids))
                .chain(() -> pool.preparedQuery("select count(*) as accounts from account_label where label = $1")
                        .execute(Tuple.of(label)))
                .map(rows -> rows.iterator().next().getLong("accounts"));
    }

    public Uni<Void> remove(String label) {
        return pool.preparedQuery("delete from account_label where label = $1")
                .execute(Tuple.of(label))
                .replaceWithVoid();
    }
}
