package org.domicile.backup.key;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.platform.key.KeyUse;

/** An account's data key is needed by its WebDAV files, those in the trash too, and by uploads of them that are under way. */
@ApplicationScoped
public class DataKeyUse implements KeyUse {
    private static final String USED = "select account_id from webdav_resources where account_id = any($1)"
            + " union select account_id from webdav_contents where account_id = any($1)"
            + " union select account_id from webdav_uploads where account_id = any($1)";

    private final Pool pool;

    @Inject
    public DataKeyUse(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Uni<Set<UUID>> inUse(Collection<UUID> accounts) {
        return inUse(pool, accounts);
    }

    /** The same, as a transaction sees it. */
    public Uni<Set<UUID>> inUse(SqlClient client, Collection<UUID> accounts) {
        return client.preparedQuery(USED)
                .execute(Tuple.of((Object) accounts.toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("account_id"))
                        .collect(Collectors.toSet()));
    }
}
