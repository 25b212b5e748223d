package org.domicile.account.key;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.key.KeyUse;

/** An account's key is needed by its profile, and by the sign-up before it. */
@ApplicationScoped
public class AccountKeyUse implements KeyUse {
    private final Pool pool;

    @Inject
    public AccountKeyUse(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<Set<UUID>> inUse(Collection<UUID> accounts) {
        return pool.preparedQuery("select account_id from account where account_id = any($1)"
                        + " union select account_id from registration where account_id = any($1)")
                .execute(Tuple.of((Object) accounts.toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("account_id"))
                        .collect(Collectors.toSet()));
    }
}
