package org.domicile.backup.direct;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Remembers until when URLs of an account can be used. */
@ApplicationScoped
public class PresignedStore {
    private final Pool pool;

    @Inject
    public PresignedStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> until(SqlClient client, AccountId account, Instant expiry) {
        return client.preparedQuery("insert into presigned (account_id, last_expiry) values ($1, $2)"
                        + " on conflict (account_id) do update set"
                        + " last_expiry = greatest(presigned.last_expiry, excluded.last_expiry)")
                .execute(Tuple.of(account.value(), expiry.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Fails with UNAVAILABLE while a URL of the account can still be used. */
    public Uni<Void> requireExpired(AccountId account, Instant now) {
        return pool.preparedQuery("select from presigned where account_id = $1 and last_expiry >= $2")
                .execute(Tuple.of(account.value(), now.atOffset(ZoneOffset.UTC)))
                .invoke(rows -> {
                    if (rows.size() > 0) {
                        throw new ProblemException(
                                ErrorCode.UNAVAILABLE, "A URL for direct transfer has not expired yet: wait a minute.");
                    }
                })
                .replaceWithVoid();
    }

    /** Forgets the account; only after {@link #requireExpired}. */
    public Uni<Void> forget(AccountId account) {
        return pool.preparedQuery("delete from presigned where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }
}
