package org.domicile.backup.usage;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.trash.TrashWindow;
import org.domicile.platform.account.AccountId;

/** Counts what an account stores, from the rows themselves. */
@ApplicationScoped
public class UsageStore {
    private static final String COUNT = """
            select coalesce(sum(size) filter (where state = 'LIVE'), 0)::bigint as live,
              coalesce(sum(size) filter (where state = 'TRASHED'), 0)::bigint as trash,
              coalesce(sum(size) filter (where state = 'PENDING'), 0)::bigint as uploading
            from stored where account_id = $1
            """;

    private final Pool pool;
    private final BackupConfig config;
    private final TrashWindow trash;

    @Inject
    public UsageStore(Pool pool, BackupConfig config, TrashWindow trash) {
        this.pool = pool;
        this.config = config;
        this.trash = trash;
    }

    public Uni<Usage> of(AccountId account) {
        return trash.of(account).flatMap(window -> of(account, window));
    }

    private Uni<Usage> of(AccountId account, Duration window) {
        return pool.preparedQuery(COUNT).execute(Tuple.of(account.value())).map(rows -> {
            var row = rows.iterator().next();
            return new Usage(
                    config.quota(),
                    row.getLong("live") + row.getLong("uploading"),
                    row.getLong("uploading"),
                    row.getLong("trash"),
                    window);
        });
    }
}
